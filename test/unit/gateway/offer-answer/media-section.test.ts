/** One m-line of ours as written. */
import { describe, expect, test } from '@jest/globals';
import {
  connectionTo,
  type MediaSection,
  writeDisabledSection,
  writeMediaSection,
} from '../../../../gateway/offer-answer/media-section.ts';
import { browserAudio, opus, rtpTransport, sdesTransport, webrtcTransport } from './examples.ts';

const section: MediaSection = {
  local: { ...browserAudio, ptimeMs: 20, maxPtimeMs: 60 },
  protocol: 'UDP/TLS/RTP/SAVPF',
  mid: 'a',
  grouped: true,
  direction: 'recvonly',
  codecs: [opus],
  extensions: [],
  extensionsMixed: false,
  reducedSizeRtcp: true,
  transport: { ...webrtcTransport, setup: 'passive', tlsId: 'x' },
  carriage: 'own',
};
const names = (one: MediaSection) => writeMediaSection(one).attributes.map(({ name }) => name);

describe('A transport is described', () => {
  const own = ['candidate', 'end-of-candidates'];
  const shared = ['ice-ufrag', 'ice-pwd', 'fingerprint', 'setup', 'tls-id'];
  test('whole by the m-line that owns it', () => {
    expect(names(section)).toEqual(expect.arrayContaining([...own, ...shared]));
  });
  test.each([
    ['bundled', 10_000],
    ['bundle-only', 0],
  ] as const)('without candidates by one that is %s, on port %i', (carriage, port) => {
    const written = names({ ...section, carriage });
    expect(written).toEqual(expect.arrayContaining(shared));
    expect(written.filter((name) => own.includes(name))).toEqual([]);
    expect(written.includes('bundle-only')).toBe(carriage === 'bundle-only');
    expect(writeMediaSection({ ...section, carriage }).port).toBe(port);
  });
  test('with an unusual RTCP port and keys where it has them', () => {
    const transport = { ...sdesTransport, rtcpPort: 4 };
    const { attributes } = writeMediaSection({ ...section, transport });
    expect(attributes).toContainEqual({ name: 'rtcp', value: '4' });
    expect(attributes.filter(({ name }) => name === 'crypto').length).toBe(2);
  });
});

test.each(['own', 'bundled', 'bundle-only'] as const)(
  'an m-line whose transport is %s says how its RTCP travels',
  (carriage) => {
    expect(names({ ...section, carriage })).toEqual(
      expect.arrayContaining(['rtcp-mux', 'rtcp-rsize']),
    );
  },
);

test('packet times are told, streams only to ICE agents', () => {
  expect(names(section)).toEqual(expect.arrayContaining(['ptime', 'maxptime', 'msid', 'ssrc']));
  const plain = names({ ...section, transport: rtpTransport });
  expect(plain.filter((name) => ['msid', 'ssrc'].includes(name))).toEqual([]);
});

test('a stream without a track and a source without a name are told as far as they go', () => {
  const local = { ...browserAudio, stream: { stream: 's' }, source: { ssrc: 1 } };
  const { attributes } = writeMediaSection({ ...section, local });
  expect(attributes).toContainEqual({ name: 'msid', value: 's' });
  expect(attributes.some(({ name }) => name === 'ssrc')).toBe(false);
});

test('a disabled m-line keeps its kind, protocol, mid and some format', () => {
  const line = { media: 'image', protocol: 'udptl', mid: 'x', formats: [], rejected: true };
  expect(writeDisabledSection(line)).toEqual({
    media: 'image',
    port: 0,
    protocol: 'udptl',
    formats: ['0'],
    bandwidths: [],
    attributes: [{ name: 'mid', value: 'x' }],
  });
});

test('an address names its family', () => {
  expect(connectionTo('2001:db8::1').family).toBe('IP6');
  expect(connectionTo('192.0.2.1').family).toBe('IP4');
});
