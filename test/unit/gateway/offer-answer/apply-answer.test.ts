/** Answers to our offers. */
import { describe, expect, test } from '@jest/globals';
import { applyAnswer } from '../../../../gateway/offer-answer/apply-answer.ts';
import {
  type LocalMedia,
  type TransportPreset,
  transportPresets,
} from '../../../../gateway/offer-answer/description.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import { makeOffer } from '../../../../gateway/offer-answer/offer.ts';
import * as ours from './examples.ts';

const { audio, browserAudio, described, faultOf, linesOf, succeeded, understood } = ours;

const HEAD = 'v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n';

function offer(preset: TransportPreset, ...media: LocalMedia[]) {
  const start = startNegotiation(transportPresets[preset], preset === 'webrtc', '42');
  return succeeded(makeOffer(start, media)).negotiation;
}

function agreedFrom(preset: TransportPreset, answer: string, media: LocalMedia) {
  return succeeded(applyAnswer(offer(preset, media), understood(HEAD + answer))).agreed[0];
}

test('the answer’s order decides, with its payload types to send and ours to receive', () => {
  const answer =
    'm=audio 4000 RTP/AVP 8 98 97\na=rtpmap:98 opus/48000\na=rtpmap:97 telephone-event/8000\n';
  const agreed = agreedFrom('rtp', answer, audio(ours.rtpTransport, { ptimeMs: 20 }));
  expect(agreed?.sendCodecs.map(({ payloadType }) => payloadType)).toEqual([8, 98, 97]);
  expect(agreed?.receiveCodecs.map(({ payloadType }) => payloadType)).toEqual([8, 111, 101]);
  expect(agreed).toMatchObject({
    direction: 'sendrecv',
    telephoneEvents: [{ clockRate: 8000, sendPayloadType: 97, receivePayloadType: 101 }],
    ptimeMs: 20,
    remote: { address: '192.0.2.1', rtpPort: 4000, rtcpPort: 4001 },
  });
});

describe('The direction is what both allow', () => {
  test.each([
    ['sendrecv', 'recvonly', 'sendonly'],
    ['sendonly', 'recvonly', 'sendonly'],
    ['sendonly', 'sendrecv', 'sendonly'],
    ['recvonly', 'sendonly', 'recvonly'],
    ['inactive', 'sendrecv', 'inactive'],
  ] as const)('offered %s, answered %s: %s', (direction, answered, expected) => {
    const agreed = agreedFrom(
      'rtp',
      `m=audio 4 RTP/AVP 0\na=${answered}\n`,
      audio(ours.rtpTransport, { direction }),
    );
    expect(agreed?.direction).toBe(expected);
  });
});

describe('SDES', () => {
  const { crypto } = ours.sdesTransport;
  const line = (tag: number, suite: string) =>
    `m=audio 4 RTP/SAVP 0\na=crypto:${tag} ${suite} inline:${Buffer.alloc(30, 9).toString('base64')}\n`;
  test('takes the line whose tag and suite are answered', () => {
    const agreed = agreedFrom(
      'sdes',
      line(2, 'AES_CM_128_HMAC_SHA1_32'),
      audio(ours.sdesTransport),
    );
    expect(agreed?.local.crypto).toEqual([crypto[1]]);
    expect(agreed?.remote.crypto.length).toBe(1);
  });
  test.each([
    ['a suite under another tag', line(1, 'AES_CM_128_HMAC_SHA1_32')],
    ['a tag never offered', line(3, 'AES_CM_128_HMAC_SHA1_80')],
    ['no key at all', 'm=audio 4 RTP/AVP 0\n'],
  ])('refuses %s', (_why, answer) => {
    const result = applyAnswer(offer('sdes', audio(ours.sdesTransport)), understood(HEAD + answer));
    expect(faultOf(result)).toBe('offer_answer.nothing_in_common');
  });
});

describe('DTLS roles follow the answer (RFC 5763 §5)', () => {
  const answer = `m=audio 4 UDP/TLS/RTP/SAVP 0\na=fingerprint:sha-1 ${new Array(20).fill('AB').join(':')}\n`;
  const { ice: _, ...transport } = ours.webrtcTransport;
  test.each([
    ['a=setup:active\n', 'passive'],
    ['a=setup:passive\n', 'active'],
    ['', 'passive'],
  ])('%p makes us %s', (setup, role) => {
    const agreed = agreedFrom('dtls', answer + setup, audio(transport));
    expect(agreed?.local.setup).toBe(role);
    expect(agreed?.remote.setup).not.toBe(role);
  });
});

test('a real browser’s answer is applied', () => {
  const media = { ...browserAudio, codecs: [...ours.audioCodecs] };
  const { agreed } = succeeded(
    applyAnswer(offer('webrtc', media), described('chromium-audio-answer')),
  );
  expect(agreed[0]).toMatchObject({
    mid: '0',
    direction: 'sendonly',
    transportKind: { ice: true, keying: 'dtls', rtcp: 'mux' },
    local: { setup: 'passive', ice: { lite: true } },
    remote: { setup: 'active', mux: true, ice: { lite: false } },
  });
});

test('mux that the answer leaves out is not used', () => {
  const start = startNegotiation({ ...transportPresets.rtp, rtcp: 'mux' }, false, '1');
  const sent = succeeded(makeOffer(start, [audio(ours.rtpTransport)]));
  expect(linesOf(sent.sdp, 'a=rtcp-mux')).toEqual(['a=rtcp-mux']);
  const { agreed } = succeeded(
    applyAnswer(sent.negotiation, understood(`${HEAD}m=audio 4 RTP/AVP 0\n`)),
  );
  expect(agreed[0]).toMatchObject({
    transportKind: { rtcp: 'pair' },
    local: { mux: false, rtcpPort: 20_001 },
    remote: { mux: false, rtcpPort: 5 },
  });
});

test('rejected and missing m-lines are remembered as disabled', () => {
  const second: LocalMedia = {
    ...audio({ ...ours.rtpTransport, rtpPort: 20_002, rtcpPort: 20_003 }),
    kind: 'video',
    codecs: [ours.codec('vp8', 96, { clockRate: 90_000 })],
  };
  for (const rest of ['', 'm=video 0 RTP/AVP 96\n', 'm=text 5 RTP/AVP 96\n']) {
    const answer = understood(`${HEAD}m=audio 4 RTP/AVP 0\n${rest}`);
    const { negotiation } = succeeded(
      applyAnswer(offer('rtp', audio(ours.rtpTransport), second), answer),
    );
    expect(negotiation.lines.map(({ rejected }) => rejected)).toEqual([false, true]);
    expect(negotiation.pending).toBeUndefined();
  }
});

test('an answer that accepts nothing is a fault', () => {
  for (const answer of ['', 'm=audio 0 RTP/AVP 0\n', 'm=audio 4 RTP/AVP 18\n']) {
    const result = applyAnswer(offer('rtp', audio(ours.rtpTransport)), understood(HEAD + answer));
    expect(faultOf(result)).toBe('offer_answer.nothing_in_common');
  }
});

test('each fork applies its own answer to the one offer', () => {
  const sent = offer('rtp', audio(ours.rtpTransport));
  const answer = (port: number) => understood(`${HEAD}m=audio ${port} RTP/AVP 0\n`);
  const forks = [4000, 5000].map((port) => succeeded(applyAnswer(sent, answer(port))));
  expect(forks.map(({ agreed }) => agreed[0]?.remote.rtpPort)).toEqual([4000, 5000]);
});
