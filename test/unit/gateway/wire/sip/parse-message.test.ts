import { describe, expect, test } from '@jest/globals';
import { parseMessage } from '../../../../../gateway/wire/sip/parse-message.ts';

function message(change: (lines: string[]) => string[] = (lines) => lines, body = ''): Buffer {
  const lines = [
    'INVITE sip:bob@example.com SIP/2.0',
    'Via: SIP/2.0/UDP a.example;branch=z9hG4bKa, SIP/2.0/TCP b.example;branch=z9hG4bKb',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:bob@example.com>',
    'Call-ID: x@y',
    'CSeq: 7 INVITE',
    'Max-Forwards: 70',
  ];
  return Buffer.from(`${change(lines).join('\r\n')}\r\n\r\n${body}`);
}

function faultOf(bytes: Buffer, framing: 'datagram' | 'stream' = 'datagram') {
  const parsed = parseMessage(bytes, framing);
  return parsed.ok ? undefined : { code: parsed.fault.code, status: parsed.fault.status };
}

const replace = (index: number, line: string) => (lines: string[]) => lines.with(index, line);
const add = (line: string) => (lines: string[]) => [...lines, line];

describe('parseMessage', () => {
  test('reads a request with its topmost Via', () => {
    expect(parseMessage(message(), 'datagram')).toMatchObject({
      ok: true,
      value: {
        type: 'request',
        method: 'INVITE',
        requestUri: { user: 'bob' },
        via: { host: 'a.example', branch: 'z9hG4bKa' },
        callId: 'x@y',
        cseq: { number: 7 },
        maxForwards: 70,
      },
    });
  });

  test('reads a response, with an empty reason too', () => {
    for (const [line, reason] of [
      ['SIP/2.0 180 Ringing', 'Ringing'],
      ['sip/2.0 180 ', ''],
    ] as const) {
      expect(parseMessage(message(replace(0, line)), 'datagram')).toMatchObject({
        ok: true,
        value: { type: 'response', status: 180, reason },
      });
    }
  });

  test('takes the rest of a datagram as the body, and of a stream only Content-Length', () => {
    const parsed = parseMessage(message(undefined, 'body'), 'datagram');
    expect(parsed.ok && parsed.value.content.length).toBe(4);
    const cut = parseMessage(message(add('l: 2'), 'body'), 'datagram');
    expect(cut.ok && cut.value.content.length).toBe(2);
    expect(faultOf(message(undefined, 'body'), 'stream')?.code).toBe('sip.content-length');
  });

  test.each([
    ['a Content-Length beyond the datagram', add('Content-Length: 99'), 'sip.content-length', 400],
    ['a negative Content-Length', add('Content-Length: -1'), 'sip.content-length', 400],
    ['a second From', add('f: <sip:x@y>;tag=2'), 'sip.header-repeated', 400],
    ['another method in CSeq', replace(5, 'CSeq: 7 BYE'), 'sip.cseq', 400],
    ['no Call-ID', (lines: string[]) => lines.toSpliced(4, 1), 'sip.call-id', 400],
    [
      'headers in the Request-URI',
      replace(0, 'INVITE sip:a@b?x=y SIP/2.0'),
      'sip.request-uri',
      400,
    ],
    ['another version', replace(0, 'INVITE sip:a@b SIP/3.0'), 'sip.version', 505],
    ['two spaces', replace(0, 'INVITE  sip:a@b SIP/2.0'), 'sip.start-line', 400],
    ['Max-Forwards above 255', replace(6, 'Max-Forwards: 256'), 'sip.max-forwards', 400],
  ])('refuses %s and knows whom to tell', (_title, change, code, status) => {
    const parsed = parseMessage(message(change), 'datagram');
    expect(parsed.ok ? undefined : parsed.fault).toMatchObject({
      code,
      status,
      request: { method: 'INVITE' },
    });
  });

  test.each([
    ['a status above 699', 'SIP/2.0 700 X'],
    ['a status of ten digits', 'SIP/2.0 4294967301 X'],
    ['something that is not SIP', 'GET / HTTP/1.1'],
  ])('refuses %s without an answer', (_title, line) => {
    const parsed = parseMessage(message(replace(0, line)), 'datagram');
    expect(parsed.ok || (parsed.fault.request !== undefined && line.startsWith('SIP'))).toBe(false);
  });

  test('refuses a head beyond the limit before it looks at a single header', () => {
    const long = message(add(`X: ${'a'.repeat(40_000)}`));
    expect(faultOf(long)).toEqual({ code: 'sip.head', status: 513 });
  });
});
