/** What peers' descriptions mean. */
import { describe, expect, test } from '@jest/globals';
import { parseRemoteDescription } from '../../../../gateway/offer-answer/remote-description.ts';
import { described, faultOf, fixture, lineOf, understood } from './examples.ts';

const HEAD = 'v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n';

test.each([
  ['chromium-audio-offer', ['audio sendrecv']],
  ['chromium-audio-answer', ['audio recvonly']],
  ['chromium-audio-hold-offer', ['audio sendonly']],
  [
    'chromium-audio-video-data-offer',
    ['audio sendrecv', 'video sendrecv', 'application unknown_media'],
  ],
  ['firefox-audio-offer', ['audio sendrecv']],
  ['firefox-audio-answer', ['audio recvonly']],
  ['firefox-audio-hold-offer', ['audio sendonly']],
  [
    'firefox-audio-video-data-offer',
    ['audio sendrecv', 'video sendrecv', 'application unknown_media'],
  ],
  ['baresip-rtp-offer', ['audio sendrecv']],
  ['baresip-dtls-offer', ['audio sendrecv']],
  ['linphone-savpf-offer', ['audio sendrecv']],
  ['desk-phone-dual-line-offer', ['audio sendrecv', 'audio sendrecv']],
  ['pbx-hold-by-address-offer', ['audio sendonly']],
  ['fax-reinvite-offer', ['audio disabled', 'image unknown_media']],
])('%s holds %p', (name, expected) => {
  const lines = described(name).lines.map((line) =>
    line.kind === 'unusable' ? `${line.media} ${line.reason}` : `${line.kind} ${line.direction}`,
  );
  expect(lines).toEqual(expected);
});

test('a browser’s m-line is understood whole', () => {
  const description = described('chromium-audio-offer');
  expect(description).toMatchObject({
    origin: { sessionId: expect.stringMatching(/^\d{10,}$/), version: '2', address: '127.0.0.1' },
    bundles: [['0']],
    iceOptions: ['trickle'],
  });
  expect(lineOf(description)).toMatchObject({
    index: 0,
    mid: '0',
    transportKind: { ice: true, keying: 'dtls', rtcp: 'mux' },
    protocol: 'UDP/TLS/RTP/SAVPF',
    rtcpFeedback: true,
    extensionsMixed: true,
    reducedSizeRtcp: true,
    extensions: expect.arrayContaining([{ id: 4, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }]),
    sources: [{ ssrc: expect.any(Number), cname: expect.any(String) }],
    streams: [{ stream: expect.any(String), track: expect.any(String) }],
    transport: { mux: true, setup: 'actpass', fingerprints: [{ hash: 'sha-256' }] },
  });
});

test('Firefox’s directed extensions and session-level fingerprint are understood', () => {
  const line = lineOf(described('firefox-audio-offer'));
  expect(line.extensions).toContainEqual({
    id: 2,
    uri: 'urn:ietf:params:rtp-hdrext:csrc-audio-level',
  });
  expect(line.transport.fingerprints.length).toBe(1);
});

test('packet times and bandwidths are read where they make sense', () => {
  expect(lineOf(described('desk-phone-dual-line-offer'))).toMatchObject({
    ptimeMs: 30,
    bandwidthBps: 128_000,
  });
  expect(lineOf(described('pbx-hold-by-address-offer')).maxPtimeMs).toBe(150);
  const line = (rest: string) => lineOf(understood(`${HEAD}m=audio 4 RTP/AVP 0\n${rest}`));
  expect(line('b=AS:64\nb=TIAS:32000\nb=CT:1\n').bandwidthBps).toBe(32_000);
  expect(line('a=ptime:0\na=maxptime:x\n')).not.toHaveProperty('ptimeMs');
  expect(line('')).not.toHaveProperty('bandwidthBps');
});

describe('A hold', () => {
  const direction = (rest: string, connection = 'c=IN IP4 0.0.0.0\n') =>
    lineOf(understood(`${HEAD}m=audio 4 RTP/AVP 0\n${connection}${rest}`)).direction;
  test('of RFC 2543 is an address of zeros', () => {
    expect(direction('')).toBe('sendonly');
    expect(direction('', 'c=IN IP6 ::\n')).toBe('sendonly');
    expect(direction('a=recvonly\n')).toBe('inactive');
    expect(direction('a=inactive\n')).toBe('inactive');
  });
  test('is not an address of zeros under ICE', () => {
    expect(direction('a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n')).toBe('sendrecv');
  });
  test('may stand at the session, which the m-line overrides', () => {
    const session = HEAD.replace('t=0 0', 't=0 0\na=sendonly');
    const read = (rest: string) =>
      lineOf(understood(`${session}m=audio 4 RTP/AVP 0\n${rest}`)).direction;
    expect([read(''), read('a=recvonly\n')]).toEqual(['sendonly', 'recvonly']);
  });
});

describe('An m-line is unusable', () => {
  test.each([
    ['m=audio 0 RTP/AVP 0\n', 'disabled'],
    ['m=text 4 RTP/AVP 98\n', 'unknown_media'],
    ['m=audio 4 TCP/RTP/AVP 0\n', 'unknown_protocol'],
    ['m=audio 4 RTP/SAVP 0\na=crypto:1 F8_128_HMAC_SHA1_80 inline:AAAA\n', 'no_usable_crypto'],
    ['m=audio 4 UDP/TLS/RTP/SAVPF 0\n', 'no_fingerprint'],
    ['m=audio 4 UDP/TLS/RTP/SAVPF 0\na=fingerprint:md5 00\n', 'no_fingerprint'],
  ])('%p', (media, reason) => {
    expect(understood(HEAD + media).lines[0]).toMatchObject({ kind: 'unusable', reason });
  });

  test('and keeps what its answer must repeat', () => {
    expect(understood(`${HEAD}m=image 0 udptl t38\na=mid:f\n`).lines[0]).toMatchObject({
      index: 0,
      mid: 'f',
      media: 'image',
      protocol: 'udptl',
      formats: ['t38'],
    });
  });
});

test('a bundle-only m-line of port zero uses its bundle’s transport (RFC 9143 §7.2.1)', () => {
  const text = fixture('chromium-audio-video-data-offer').replace('m=video 9', 'm=video 0');
  expect(understood(text).lines[1]).toMatchObject({ kind: 'unusable', reason: 'disabled' });
  const bundleOnly = understood(text.replace('a=mid:1', 'a=mid:1\r\na=bundle-only'));
  expect(lineOf(bundleOnly, 1).transport).toEqual(lineOf(bundleOnly).transport);
});

test('a bundled m-line that describes half a transport uses its bundle’s, as Chromium writes', () => {
  const [head, ...sections] = fixture('chromium-audio-video-data-offer').split(/^(?=m=)/m);
  const half = sections[1]!.replace(/a=fingerprint.*\r\n/, '').replace('ice-ufrag:', 'ice-ufrag:x');
  const description = understood([head, sections[0], half].join(''));
  expect(lineOf(description, 1).transport).toEqual(lineOf(description).transport);
});

test('a bundled m-line that describes no transport uses its bundle’s (RFC 9143 §7.3.3)', () => {
  const [head, ...sections] = fixture('chromium-audio-video-data-offer').split(/^(?=m=)/m);
  const bare = sections[1]!.replaceAll(/a=(ice-|fingerprint|setup|rtcp-mux|candidate).*\r\n/g, '');
  const description = understood([head, sections[0], bare].join(''));
  expect(lineOf(description, 1).transport).toEqual(lineOf(description).transport);
  const alone = understood([head!.replace(/a=group.*\r\n/, ''), sections[0], bare].join(''));
  expect(alone.lines[1]).toMatchObject({ kind: 'unusable', reason: 'no_fingerprint' });
});

test('a source announced by several lines is one, up to a limit', () => {
  const ssrc = (n: number) => `a=ssrc:${n} msid:a b\na=ssrc:${n} cname:c${n}\n`;
  const many = Array.from({ length: 100 }, (_, n) => ssrc(n + 1)).join('');
  const { sources } = lineOf(
    understood(`${HEAD}m=audio 4 RTP/AVP 0\n${many}a=ssrc:99999999999 x:y\n`),
  );
  expect(sources.length).toBe(64);
  expect(sources[0]).toEqual({ ssrc: 1, cname: 'c1' });
});

test('extension ids outside one octet are left out', () => {
  const { extensions } = lineOf(
    understood(
      `${HEAD}m=audio 4 RTP/AVP 0\na=extmap:0 a\na=extmap:255 b\na=extmap:4096 c\na=extmap:x\n`,
    ),
  );
  expect(extensions).toEqual([{ id: 255, uri: 'b' }]);
});

test('bad syntax is a fault, not a description', () => {
  expect(faultOf(parseRemoteDescription('hello'))).toBe('sdp.version');
});
