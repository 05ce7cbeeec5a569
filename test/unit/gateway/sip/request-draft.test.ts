import { expect, test } from '@jest/globals';
import {
  bytesOf,
  contactFor,
  draftBody,
  type RequestDraft,
  viaFor,
  wireOf,
  writeCompanion,
  writeRequest,
} from '../../../../gateway/sip/request-draft.ts';

const choice = { name: 'm', transport: 'tcp', bindAddress: '::1', port: 5060 } as const;
const hop = { transport: 'tcp', interfaceName: 'm', address: '2001:db8::1', port: 5060 } as const;
const draft: RequestDraft = {
  method: 'INVITE',
  requestUri: 'sip:x',
  from: '<sip:a>;tag=1',
  to: '<sip:b>',
  callId: 'c',
  cseq: 3,
  routes: ['<sip:p;lr>'],
  maxForwards: 69,
  headers: [{ name: 'Subject', value: 's' }],
  ...draftBody({ contentType: 'a/b', content: Uint8Array.of(0xff, 0) }),
};

test('a wire is its octets, one character each', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect([...bytesOf(wireOf(bytes))]).toEqual([...bytes]);
});

test('Via asks for rport and Contact names the transport, IPv6 in brackets', () => {
  expect(viaFor(choice, hop, 'z9hG4bKx')).toBe('SIP/2.0/TCP [::1]:5060;rport;branch=z9hG4bKx');
  expect(contactFor(choice, hop, { user: 'a b', parameters: [] })).toBe(
    '<sip:a%20b@[::1]:5060;transport=tcp>',
  );
});

test('a request is written with its routes, its Contact and its body', () => {
  expect(writeRequest(draft, 'V', '<sip:me>')).toBe(
    'INVITE sip:x SIP/2.0\r\nVia: V\r\nMax-Forwards: 69\r\nRoute: <sip:p;lr>\r\n' +
      'From: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\nContact: <sip:me>\r\n' +
      'Subject: s\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n\xff\0',
  );
});

test('its CANCEL and its ACK share Via, Route, number and tags, and nothing else', () => {
  expect(writeCompanion(draft, 'V', 'ACK', '<sip:b>;tag=2', [])).toBe(
    'ACK sip:x SIP/2.0\r\nVia: V\r\nMax-Forwards: 70\r\nRoute: <sip:p;lr>\r\n' +
      'From: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: c\r\nCSeq: 3 ACK\r\n' +
      'Content-Length: 0\r\n\r\n',
  );
});
