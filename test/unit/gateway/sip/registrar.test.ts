import { describe, expect, test } from '@jest/globals';
import { addressOfRecord, Registrar } from '../../../../gateway/sip/registrar.ts';
import type { SipRequest } from '../../../../gateway/wire/sip/message.ts';
import { parseMessage } from '../../../../gateway/wire/sip/parse-message.ts';
import { parseUri } from '../../../../gateway/wire/sip/uri.ts';
import { flowBetween } from '../../../sim/sip/sip-network.ts';

const options = {
  minExpiresSeconds: 60,
  defaultExpiresSeconds: 3600,
  maxExpiresSeconds: 7200,
  maxContacts: 2,
};
const identity = { kind: 'user', name: 'alice' } as const;
const RECORD = 'sip:alice@here';
const flow = flowBetween('192.0.2.9', '192.0.2.1', 'udp');

function register(cseq: number, ...headers: string[]): SipRequest {
  const text = [
    'REGISTER sip:here SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKr',
    'From: <sip:alice@here>;tag=1',
    'To: <sip:Alice@HERE:5060;x=y>'.replace('Alice', 'alice'),
    'Call-ID: c',
    `CSeq: ${cseq} REGISTER`,
    ...headers,
    '',
    '',
  ].join('\r\n');
  const parsed = parseMessage(Buffer.from(text), 'datagram');
  if (!parsed.ok || parsed.value.type !== 'request') throw new Error('test request');
  return parsed.value;
}

function setting(more: Partial<typeof options & { maxBindings: number }> = {}) {
  const registrar = new Registrar({ ...options, ...more });
  const ask = (cseq: number, ...headers: string[]) =>
    registrar.register(register(cseq, ...headers), flow, identity, 0);
  const contacts = () => registrar.bindings(RECORD).map((binding) => binding.contact);
  return { registrar, ask, contacts };
}

describe('the registrar (RFC 3261 §10.3)', () => {
  test('refuses what goes beyond all that it may hold, and refreshes what it has', () => {
    const { registrar, ask, contacts } = setting({ maxBindings: 1 });
    expect(ask(1, 'Contact: <sip:a@192.0.2.1>').status).toBe(200);
    expect(ask(2, 'Contact: <sip:b@192.0.2.1>').status).toBe(503);
    expect(ask(3, 'Contact: <sip:a@192.0.2.1>').status).toBe(200);
    expect(contacts()).toEqual(['sip:a@192.0.2.1']);
    expect(registrar.size).toBe(1);
    ask(4, 'Contact: <sip:a@192.0.2.1>;expires=0');
    expect(registrar.size).toBe(0);
    expect(ask(5, 'Contact: <sip:b@192.0.2.1>').status).toBe(200);
    expect(new Registrar(options, registrar.snapshot()).size).toBe(1);
  });

  test('adds, lists and removes contacts, in the order of q', () => {
    const { ask, contacts } = setting();
    ask(1, 'Contact: <sip:a@192.0.2.1>;q=0.5, <sip:b@192.0.2.1>');
    expect(contacts()).toEqual(['sip:b@192.0.2.1', 'sip:a@192.0.2.1']);
    const listed = ask(2);
    expect(listed.headers.map((header) => header.value)).toEqual([
      '<sip:b@192.0.2.1>;expires=3600',
      '<sip:a@192.0.2.1>;expires=3600;q=0.500',
    ]);
    ask(3, 'Contact: <sip:a@192.0.2.1>;expires=0');
    expect(contacts()).toEqual(['sip:b@192.0.2.1']);
  });

  test('removes everything for a star with Expires: 0 and refuses any other star', () => {
    const { ask, contacts } = setting();
    ask(1, 'Contact: <sip:a@192.0.2.1>');
    expect(ask(2, 'Contact: *').status).toBe(400);
    expect(ask(2, 'Contact: *, <sip:b@192.0.2.1>', 'Expires: 0').status).toBe(400);
    expect(contacts()).toHaveLength(1);
    expect(ask(2, 'Contact: *', 'Expires: 0').status).toBe(200);
    expect(contacts()).toEqual([]);
  });

  test('does all of a request or nothing', () => {
    const { ask, contacts } = setting();
    const refused = ask(1, 'Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>;expires=5');
    expect(refused).toMatchObject({
      status: 423,
      headers: [{ name: 'Min-Expires', value: '60' }],
    });
    expect(contacts()).toEqual([]);
  });

  test('takes the time from the parameter, the header or the default, within its limits', () => {
    const { ask, registrar } = setting();
    const until = () => registrar.bindings(RECORD)[0]?.expiresAt;
    ask(1, 'Contact: <sip:a@192.0.2.1>;expires=100', 'Expires: 200');
    expect(until()).toBe(100_000);
    ask(2, 'Contact: <sip:a@192.0.2.1>', 'Expires: 200');
    expect(until()).toBe(200_000);
    ask(3, 'Contact: <sip:a@192.0.2.1>;expires=nonsense');
    expect(until()).toBe(3_600_000);
    ask(4, 'Contact: <sip:a@192.0.2.1>;expires=99999');
    expect(until()).toBe(7_200_000);
  });

  test('refuses a sequence number that does not rise within a Call-ID', () => {
    const { ask } = setting();
    ask(5, 'Contact: <sip:a@192.0.2.1>');
    expect(ask(5, 'Contact: <sip:a@192.0.2.1>').status).toBe(500);
    expect(ask(4, 'Contact: *', 'Expires: 0').status).toBe(500);
  });

  test('drops the contact that expires first when there are too many', () => {
    const { ask, contacts } = setting();
    ask(1, 'Contact: <sip:a@192.0.2.1>;expires=100');
    ask(2, 'Contact: <sip:b@192.0.2.1>;expires=200');
    const third = ask(3, 'Contact: <sip:c@192.0.2.1>;expires=300');
    expect(contacts()).toEqual(['sip:c@192.0.2.1', 'sip:b@192.0.2.1']);
    expect(third.changes.map((change) => change.type)).toEqual(['added', 'removed']);
  });

  test('forgets what has expired and what hung on a closed connection', () => {
    const registrar = new Registrar(options);
    const tcp = flowBetween('192.0.2.9', '192.0.2.1', 'tcp');
    registrar.register(register(1, 'Contact: <sip:a@192.0.2.1>'), tcp, identity, 0);
    expect(registrar.deadlineOf(RECORD)).toBe(3_600_000);
    expect(registrar.expire(RECORD, 3_599_999)).toEqual([]);
    expect(registrar.flowClosed(tcp.key)).toMatchObject([{ type: 'flow-lost' }]);
    expect(registrar.size).toBe(0);
  });

  test('keeps the observed source of a phone behind a NAT', () => {
    const registrar = new Registrar(options);
    const seen = { ...flowBetween('192.0.2.9', '198.51.100.7', 'udp'), remotePort: 40_001 };
    registrar.register(register(1, 'Contact: <sip:a@192.168.1.5>'), seen, identity, 0);
    expect(registrar.bindings(RECORD)[0]?.destination).toEqual({
      transport: 'udp',
      address: '198.51.100.7',
      port: 40_001,
    });
  });

  test('restores what it knew', () => {
    const { ask, registrar } = setting();
    ask(1, 'Contact: <sip:a@192.0.2.1>');
    const restored = new Registrar(options, JSON.parse(JSON.stringify(registrar.snapshot())));
    expect(restored.bindings(RECORD)).toEqual(registrar.bindings(RECORD));
  });
});

test('an address of record has user and host alone', () => {
  const uri = parseUri('sips:al%20ice@HERE:5061;x=y');
  expect(uri.ok && addressOfRecord(uri.value)).toBe('sip:al%20ice@here');
});
