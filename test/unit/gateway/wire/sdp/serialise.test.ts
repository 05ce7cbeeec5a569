/** Session descriptions as written. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseSdp } from '../../../../../gateway/wire/sdp/parse.ts';
import { serialiseSdp } from '../../../../../gateway/wire/sdp/serialise.ts';
import type { SdpSession } from '../../../../../gateway/wire/sdp/session-description.ts';

const fixtures = new URL('../../../../fixtures/sdp/', import.meta.url);

test.each(readdirSync(fixtures).filter((name) => name.endsWith('.sdp')))(
  '%s is written as it was read',
  (name) => {
    const text = readFileSync(new URL(name, fixtures), 'utf8');
    const first = parseSdp(text);
    if (!first.ok) throw new Error(first.fault.code);
    expect(parseSdp(serialiseSdp(first.value))).toEqual(first);
  },
);

const session: SdpSession = {
  origin: { username: '-', sessionId: '1', version: '2', address: '2001:db8::1' },
  name: '-',
  connection: { family: 'IP6', address: '2001:db8::1' },
  bandwidths: [{ type: 'AS', value: 64 }],
  attributes: [{ name: 'ice-lite' }],
  media: [],
};

test('lines stand in the order of RFC 8866 §9 and end in CRLF', () => {
  expect(serialiseSdp(session)).toBe(
    'v=0\r\no=- 1 2 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nb=AS:64\r\nt=0 0\r\na=ice-lite\r\n',
  );
});

test('a line break in a value never makes a line', () => {
  const attributes = [{ name: 'mid', value: 'x\r\nm=audio 1 RTP/AVP 0\0' }];
  const lines = serialiseSdp({ ...session, attributes }).split('\r\n');
  expect(lines).toContain('a=mid:x  m=audio 1 RTP/AVP 0 ');
});
