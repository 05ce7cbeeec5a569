/** Kinds of media transports. */
import { describe, expect, test } from '@jest/globals';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';
import {
  canServe,
  keyingOf,
  offeredProtocol,
  protocolNamed,
} from '../../../../gateway/offer-answer/transport-kind.ts';
import { described, lineOf } from './examples.ts';

test.each([
  ['RTP/AVP', 'none', false],
  ['RTP/AVPF', 'none', true],
  ['RTP/SAVP', 'sdes', false],
  ['RTP/SAVPF', 'sdes', true],
  ['UDP/TLS/RTP/SAVP', 'dtls', false],
  ['UDP/TLS/RTP/SAVPF', 'dtls', true],
] as const)('%s is offered for %s with feedback %p', (written, keying, feedback) => {
  expect(offeredProtocol(keying, feedback)).toBe(written);
  expect(protocolNamed(written.toLowerCase())?.feedback).toBe(feedback);
  const protocol = protocolNamed(written)!;
  expect(keyingOf(protocol, keying === 'sdes', keying === 'dtls')).toBe(keying);
});

test.each(['udptl', 'TCP/RTP/AVP', 'UDP/DTLS/SCTP', 'constructor', ''])(
  '%p is none of ours',
  (written) => expect(protocolNamed(written)).toBeUndefined(),
);

describe('Keys decide how an m-line is keyed', () => {
  const keying = (written: string, crypto: boolean, fingerprint: boolean) =>
    keyingOf(protocolNamed(written)!, crypto, fingerprint);
  test('AVP with crypto is opportunistic SRTP (RFC 8643 §3)', () => {
    expect(keying('RTP/AVP', true, false)).toBe('sdes');
  });
  test('AVP with a fingerprint alone is plain', () => {
    expect(keying('RTP/AVP', false, true)).toBe('none');
  });
  test('SAVP with a fingerprint alone is the DTLS-SRTP of old browsers', () => {
    expect(keying('RTP/SAVPF', false, true)).toBe('dtls');
  });
  test('a secure profile without a usable key is unusable', () => {
    expect(keying('RTP/SAVP', false, false)).toBeUndefined();
    expect(keying('UDP/TLS/RTP/SAVP', true, false)).toBeUndefined();
  });
});

describe('Which of our transports serve which offers', () => {
  test.each([
    ['chromium-audio-offer', ['webrtc', 'dtls']],
    ['firefox-audio-offer', ['webrtc', 'dtls']],
    ['baresip-rtp-offer', ['rtp']],
    ['baresip-sdes-offer', ['sdes']],
    ['baresip-sdes-optional-offer', ['sdes', 'rtp']],
    ['baresip-dtls-offer', ['dtls']],
    ['baresip-ice-offer', ['rtp']],
    ['linphone-savpf-offer', ['sdes']],
    ['sipp-offer', ['rtp']],
  ])('%s: %p', (name, presets) => {
    const line = lineOf(described(name));
    const serving = Object.entries(transportPresets).filter(([, kind]) => canServe(kind, line));
    expect(serving.map(([preset]) => preset)).toEqual(presets);
  });

  test('ICE is possible without DTLS, and not where none was offered', () => {
    const ice = { ice: true, keying: 'none', rtcp: 'mux' } as const;
    expect(canServe(ice, lineOf(described('baresip-ice-offer')))).toBe(true);
    expect(canServe(ice, lineOf(described('baresip-rtp-offer')))).toBe(false);
  });
});
