import { describe, expect, test } from '@jest/globals';
import {
  replyHop,
  replyTemplate,
  roughReplyTemplate,
  writeReply,
} from '../../../../gateway/sip/reply.ts';
import { flowBetween } from '../../../sim/sip/sip-network.ts';
import { request } from './requests.ts';

const flow = { ...flowBetween('192.0.2.2', '198.51.100.7', 'udp'), remotePort: 40_000 };
const direct = { ...flow, remoteAddress: '192.0.2.1' };

describe('where a reply goes (RFC 3261 §18.2.2, RFC 3581 §4)', () => {
  const rport = request({ via: 'SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bKx' }).via;
  const plain = request({ via: 'SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKx' }).via;

  test('is the source port when rport is asked for, else the port of the Via', () => {
    expect(replyHop(rport, direct)).toMatchObject({ address: '192.0.2.1', port: 40_000 });
    expect(replyHop(plain, direct)).toMatchObject({ address: '192.0.2.1', port: 5070 });
  });

  test('is the source port too when the sender is plainly behind a NAT', () => {
    expect(replyHop(plain, flow)).toMatchObject({ address: '198.51.100.7', port: 40_000 });
  });

  test('is the connection, and a new one to the port of the Via should that be gone', () => {
    const hop = replyHop(plain, { ...flow, transport: 'tcp', key: 'c' });
    expect(hop).toMatchObject({ flow: 'c', port: 5070 });
  });
});

describe('what a reply echoes (RFC 3261 §8.2.6.2)', () => {
  test('are all Vias, the top one stamped, From, To with our tag, Call-ID and CSeq', () => {
    const via = 'SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bKx, SIP/2.0/UDP b;branch=y';
    const wire = writeReply(replyTemplate(request({ via }), flow), 'ours', {
      status: 404,
      headers: [],
      content: '',
    });
    expect(wire.split('\r\n')).toEqual([
      'SIP/2.0 404 Not Found',
      'Via: SIP/2.0/UDP 10.0.0.1;rport=40000;branch=z9hG4bKx;received=198.51.100.7, SIP/2.0/UDP b;branch=y',
      'From: <sip:alice@192.0.2.1>;tag=a',
      'Call-ID: call',
      'CSeq: 1 INVITE',
      'To: <sip:bob@192.0.2.2>;tag=ours',
      'Content-Length: 0',
      '',
      '',
    ]);
  });

  test('keep the tag that the request already had', () => {
    const template = replyTemplate(request({ to: '<sip:b@c>;tag=x' }), flow);
    expect(writeReply(template, 'ours', { status: 200, headers: [], content: '' })).toContain(
      'To: <sip:b@c>;tag=x\r\n',
    );
  });

  test('are taken as they stand from a request that does not parse', () => {
    const headers = [
      { name: 'Via', value: 'nonsense' },
      { name: 'To', value: 'x;tag=1' },
    ];
    expect(roughReplyTemplate(headers)).toEqual({
      echoed: [{ name: 'Via', value: 'nonsense' }],
      to: 'x;tag=1',
      hasTag: true,
    });
  });
});
