/** Session descriptions as received. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseSdp } from '../../../../../gateway/wire/sdp/parse.ts';
import type { SdpSession } from '../../../../../gateway/wire/sdp/session-description.ts';

const fixtures = new URL('../../../../fixtures/sdp/', import.meta.url);
const HEAD = 'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';

function parsed(text: string): SdpSession {
  const result = parseSdp(text);
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
}

function faultOf(text: string): string | undefined {
  const result = parseSdp(text);
  return result.ok ? undefined : result.fault.code;
}

test.each(readdirSync(fixtures).filter((name) => name.endsWith('.sdp')))(
  '%s of a real peer is read, every attribute kept',
  (name) => {
    const text = readFileSync(new URL(name, fixtures), 'utf8');
    const session = parsed(text);
    const count = [session, ...session.media].reduce(
      (sum, { attributes }) => sum + attributes.length,
      0,
    );
    expect(count).toBe([...text.matchAll(/^a=/gm)].length);
    expect(session.media.length).toBe([...text.matchAll(/^m=/gm)].length);
  },
);

test('sections keep their own lines, in order', () => {
  const text = `${HEAD}c=IN IP4 192.0.2.1\r\nb=AS:64\r\na=first\r\na=second: with space \r\nm=audio 5004/2 RTP/AVP 0 8\r\nc=IN IP6 2001:db8::1\r\nb=TIAS:64000\r\na=rtpmap:0 PCMU/8000\r\nm=video 0 RTP/AVP 31\r\n`;
  expect(parsed(text)).toEqual({
    origin: { username: '-', sessionId: '1', version: '2', address: '192.0.2.1' },
    name: '-',
    connection: { family: 'IP4', address: '192.0.2.1' },
    bandwidths: [{ type: 'AS', value: 64 }],
    attributes: [{ name: 'first' }, { name: 'second', value: 'with space' }],
    media: [
      {
        media: 'audio',
        port: 5004,
        protocol: 'RTP/AVP',
        formats: ['0', '8'],
        connection: { family: 'IP6', address: '2001:db8::1' },
        bandwidths: [{ type: 'TIAS', value: 64000 }],
        attributes: [{ name: 'rtpmap', value: '0 PCMU/8000' }],
      },
      {
        media: 'video',
        port: 0,
        protocol: 'RTP/AVP',
        formats: ['31'],
        bandwidths: [],
        attributes: [],
      },
    ],
  });
});

describe('Forgiven are', () => {
  const one = (text: string) => parsed(text).media[0];
  test('lines that end in LF alone', () => {
    expect(one(`${HEAD}m=audio 1 RTP/AVP 0\r\n`.replaceAll('\r', ''))?.port).toBe(1);
  });
  test('blank lines and a missing end of the last', () => {
    expect(one(`${HEAD}\r\n\r\nm=audio 1 RTP/AVP 0`)?.port).toBe(1);
  });
  test('a missing s= and t=', () => {
    expect(parsed('v=0\no=- 1 2 IN IP4 h.invalid\n').name).toBe('-');
  });
  test('attributes before bandwidth and connection', () => {
    const media = one(`${HEAD}m=audio 1 RTP/AVP 0\r\na=x\r\nb=AS:1\r\nc=IN IP4 192.0.2.9\r\n`);
    expect(media?.connection?.address).toBe('192.0.2.9');
    expect(media?.bandwidths).toEqual([{ type: 'AS', value: 1 }]);
  });
  test('lines of unknown types and bandwidths of unknown forms', () => {
    expect(one(`${HEAD}q=what\r\nm=audio 1 RTP/AVP 0\r\nb=X:y\r\n`)?.bandwidths).toEqual([]);
  });
  test('a user name of several words', () => {
    const origin = parsed('v=0\r\no=Alice and Bob 1 2 IN IP4 192.0.2.1\r\n').origin;
    expect(origin).toMatchObject({ username: 'Alice and Bob', sessionId: '1', version: '2' });
  });
  test('m-lines without a format', () => {
    expect(one(`${HEAD}m=audio 0 RTP/AVP\r\n`)?.formats).toEqual([]);
  });
});

describe('Refused with a reason are', () => {
  test.each([
    ['nothing', '', 'sdp.version'],
    ['another version', HEAD.replace('v=0', 'v=1'), 'sdp.version'],
    ['something before the version', `s=-\r\n${HEAD}`, 'sdp.version'],
    ['no origin', 'v=0\r\ns=-\r\n', 'sdp.origin'],
    ['an origin of five words', 'v=0\r\no=- 1 2 IN IP4\r\n', 'sdp.origin'],
    ['an origin without numbers', 'v=0\r\no=- a b IN IP4 h\r\n', 'sdp.origin'],
    ['a CR within a line', `${HEAD}a=x\ry\r\n`, 'sdp.line'],
    ['a NUL within a line', `${HEAD}a=x\0y\r\n`, 'sdp.line'],
    ['a line that is none', `${HEAD}hello\r\n`, 'sdp.line'],
    ['a network that is none', `${HEAD}c=ATM NSAP 47\r\n`, 'sdp.connection'],
    ['an m-line of two words', `${HEAD}m=audio 1\r\n`, 'sdp.media'],
    ['a port that is no number', `${HEAD}m=audio x RTP/AVP 0\r\n`, 'sdp.media'],
    ['port 65536', `${HEAD}m=audio 65536 RTP/AVP 0\r\n`, 'sdp.media'],
    ['33 m-lines', HEAD + 'm=audio 0 RTP/AVP 0\r\n'.repeat(33), 'sdp.too_many'],
    ['513 attributes', HEAD + 'a=x\r\n'.repeat(513), 'sdp.too_many'],
    ['129 formats', `${HEAD}m=audio 0 RTP/AVP${' 0'.repeat(129)}\r\n`, 'sdp.too_many'],
    ['a line of 8193 characters', `${HEAD}a=${'x'.repeat(8191)}\r\n`, 'sdp.too_long'],
    ['65537 characters', HEAD + ' '.repeat(65537 - HEAD.length), 'sdp.too_long'],
  ])('%s', (_what, text, code) => {
    expect(faultOf(text)).toBe(code);
  });
});
