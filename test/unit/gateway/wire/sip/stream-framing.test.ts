import { describe, expect, test } from '@jest/globals';
import { StreamFraming } from '../../../../../gateway/wire/sip/stream-framing.ts';

const request = (length: string, body = '') =>
  Buffer.from(`OPTIONS sip:a SIP/2.0\r\nVia: x\r\nContent-Length: ${length}\r\n\r\n${body}`);

function types(framing: StreamFraming, bytes: Uint8Array): string[] {
  return framing.push(bytes).map((item) => item.type);
}

describe('StreamFraming (RFC 3261 §18.3)', () => {
  test('cuts messages at their Content-Length, one octet at a time', () => {
    const framing = new StreamFraming();
    const bytes = Buffer.concat([request('4', 'body'), request('0')]);
    const framed = [...bytes].flatMap((octet) => framing.push(Uint8Array.of(octet)));
    expect(framed).toEqual([
      { type: 'message', bytes: request('4', 'body') },
      { type: 'message', bytes: request('0') },
    ]);
  });

  test('tells pings from pongs between messages (RFC 5626 §4.4.1)', () => {
    const framing = new StreamFraming();
    expect(types(framing, Buffer.from('\r\n\r\n'))).toEqual(['ping']);
    expect(types(framing, Buffer.concat([Buffer.from('\r\n'), request('0')]))).toEqual([
      'pong',
      'message',
    ]);
  });

  test.each([
    ['no length', Buffer.from('OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n')],
    ['two lengths, even equal ones', Buffer.from('A sip:a SIP/2.0\r\nl: 0\r\nl: 0\r\n\r\n')],
    ['a negative length', request('-1')],
    ['a length with a sign', request('+1')],
    ['a length beyond the limit', request('999999')],
    ['a bare line feed in the head', Buffer.from('A sip:a SIP/2.0\nl: 0\r\n\r\n')],
    ['a head without end', Buffer.from(`A sip:a SIP/2.0\r\nX: ${'a'.repeat(40_000)}`)],
    ['a TLS hello', Uint8Array.of(0x16, 3, 1, 0, 5)],
  ])('ends at %s, and reads nothing that follows', (_title, bytes) => {
    const framing = new StreamFraming();
    expect(types(framing, bytes)).toEqual(['fault']);
    expect(types(framing, request('0'))).toEqual([]);
    expect(framing.isPartial).toBe(false);
  });

  test('knows when a message has begun and not ended', () => {
    const framing = new StreamFraming();
    framing.push(request('4', 'bo'));
    expect(framing.isPartial).toBe(true);
    framing.push(Buffer.from('dy'));
    expect(framing.isPartial).toBe(false);
  });
});
