/** Our answers. */
import { describe, expect, test } from '@jest/globals';
import { makeAnswer } from '../../../../gateway/offer-answer/answer.ts';
import {
  type LocalMedia,
  type TransportPreset,
  transportPresets,
} from '../../../../gateway/offer-answer/description.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import * as ours from './examples.ts';

const { audio, browserAudio, described, faultOf, fixture, linesOf, succeeded, understood } = ours;

const start = (preset: TransportPreset) => startNegotiation(transportPresets[preset], false, '42');
const dtlsTransport = { ...ours.webrtcTransport, rtcpPort: 10_001, mux: false };
const media: { readonly [preset in TransportPreset]: LocalMedia } = {
  webrtc: browserAudio,
  dtls: audio(dtlsTransport),
  sdes: audio(ours.sdesTransport),
  rtp: audio(ours.rtpTransport),
};

function answered(preset: TransportPreset, name: string, more: Partial<LocalMedia> = {}) {
  return succeeded(makeAnswer(start(preset), described(name), [{ ...media[preset], ...more }]));
}

describe('Every m-line of a real offer is answered in its place', () => {
  test.each<[TransportPreset, string, string[]]>([
    ['webrtc', 'chromium-audio-offer', ['audio 10000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126']],
    [
      'webrtc',
      'chromium-audio-video-data-offer',
      [
        'audio 10000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126',
        'video 0 UDP/TLS/RTP/SAVPF',
        'application 0 UDP/DTLS/SCTP webrtc-datachannel',
      ],
    ],
    [
      'webrtc',
      'firefox-audio-video-data-offer',
      [
        'audio 10000 UDP/TLS/RTP/SAVPF 109 9 0 8 101',
        'video 0 UDP/TLS/RTP/SAVPF',
        'application 0 UDP/DTLS/SCTP webrtc-datachannel',
      ],
    ],
    ['rtp', 'sipp-offer', ['audio 20000 RTP/AVP 0']],
    ['rtp', 'baresip-rtp-offer', ['audio 20000 RTP/AVP 96 9 0 8 101']],
    ['rtp', 'baresip-ice-offer', ['audio 20000 RTP/AVP 96 9 0 8 101']],
    ['sdes', 'baresip-sdes-offer', ['audio 20000 RTP/SAVP 96 9 0 8 101']],
    ['sdes', 'baresip-sdes-optional-offer', ['audio 20000 RTP/AVP 96 9 0 8 101']],
    ['dtls', 'baresip-dtls-offer', ['audio 10000 UDP/TLS/RTP/SAVPF 96 9 0 8 101']],
    ['sdes', 'linphone-savpf-offer', ['audio 20000 RTP/SAVPF 96 0 8 101 100']],
    [
      'rtp',
      'desk-phone-dual-line-offer',
      ['audio 20000 RTP/AVP 9 0 8 127', 'audio 0 RTP/SAVP 9 0 8 18 127'],
    ],
    [
      'sdes',
      'desk-phone-dual-line-offer',
      ['audio 0 RTP/AVP 9 0 8 18 127', 'audio 20000 RTP/SAVP 9 0 8 127'],
    ],
  ])('%s for %s: %p', (preset, name, expected) => {
    const lines = linesOf(answered(preset, name).sdp, 'm=');
    expect(lines.length).toBe(expected.length);
    for (const [i, line] of lines.entries()) expect(line).toContain(`m=${expected[i]}`);
  });
});

test('a browser gets exactly one transport, passive, with its mids, ids and payload types', () => {
  const { sdp } = answered('webrtc', 'chromium-audio-video-data-offer');
  expect(
    linesOf(sdp, 'a=').filter((line) => !/rtpmap|fmtp|candidate:|ice-pwd|fingerprint/.test(line)),
  ).toEqual([
    'a=group:BUNDLE 0',
    'a=ice-options:ice2 trickle',
    'a=ice-lite',
    'a=msid-semantic:WMS *',
    'a=end-of-candidates',
    'a=ice-ufrag:m0ufrag',
    'a=setup:passive',
    'a=mid:0',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap-allow-mixed',
    'a=sendrecv',
    'a=msid:causeway audio',
    'a=ssrc:1234 cname:ours',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    'a=mid:1',
    'a=mid:2',
  ]);
});

test('Opus is answered with in-band FEC whoever asks', () => {
  for (const name of ['firefox-audio-offer', 'chromium-audio-offer']) {
    expect(linesOf(answered('webrtc', name).sdp, 'a=fmtp:1').join()).toMatch(/useinbandfec=1/);
  }
});

describe('What is agreed', () => {
  test('has the peer’s payload types to send with and ours to receive', () => {
    const [agreed] = answered('webrtc', 'firefox-audio-offer').agreed;
    expect(agreed).toMatchObject({
      index: 0,
      kind: 'audio',
      mid: '0',
      direction: 'sendrecv',
      transportKind: { ice: true, keying: 'dtls', rtcp: 'mux' },
      rtcpFeedback: true,
      telephoneEvents: [{ clockRate: 8000, sendPayloadType: 101, receivePayloadType: 101 }],
      extensions: [{ id: 3, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }],
      local: { setup: 'passive', mux: true, rtcpPort: 10_000 },
      remote: { setup: 'active', mux: true, ice: { ufrag: 'd56abe3b' } },
      localSource: { ssrc: 1234 },
      remoteSources: [{ ssrc: 3293762119 }],
    });
    expect(agreed?.sendCodecs[0]).toMatchObject({
      payloadType: 109,
      parameters: { maxplaybackrate: '48000', stereo: '1', useinbandfec: '1' },
    });
    expect(agreed?.receiveCodecs[0]).toMatchObject({
      payloadType: 109,
      parameters: { minptime: '10', useinbandfec: '1' },
    });
  });

  test('has one SDES line a side, under the offer’s tag and MKI', () => {
    const [agreed] = answered('sdes', 'linphone-savpf-offer').agreed;
    expect(agreed?.remote.crypto).toEqual([expect.objectContaining({ tag: 1 })]);
    expect(agreed?.local.crypto).toEqual([{ ...ours.sdesTransport.crypto[0], tag: 1 }]);
    const { sdp } = answered('sdes', 'desk-phone-dual-line-offer');
    expect(linesOf(sdp, 'a=crypto')).toEqual([
      `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${ours.sdesTransport.crypto[0]!.key}`,
    ]);
    const onlyMki = fixture('desk-phone-dual-line-offer').replace(/a=crypto:3.*\r\n/, '');
    const echoed = succeeded(makeAnswer(start('sdes'), understood(onlyMki), [media.sdes]));
    expect(linesOf(echoed.sdp, 'a=crypto')[0]).toMatch(/^a=crypto:2 .*\|7:4$/);
  });

  test('has mux only where both sides have it', () => {
    const muxed = startNegotiation({ ...transportPresets.dtls, rtcp: 'mux' }, false, '1');
    const both = succeeded(makeAnswer(muxed, described('baresip-dtls-offer'), [media.dtls]));
    expect(both.agreed[0]?.local).toMatchObject({ mux: true, rtcpPort: 10_000 });
    expect(linesOf(both.sdp, 'a=rtcp-mux')).toEqual(['a=rtcp-mux']);
    const one = answered('dtls', 'baresip-dtls-offer');
    expect(one.agreed[0]).toMatchObject({
      transportKind: { rtcp: 'pair' },
      remote: { rtcpPort: 31_033 },
    });
    expect(linesOf(one.sdp, 'a=rtcp-mux')).toEqual([]);
  });

  test('has the packet time that the peer wishes', () => {
    expect(answered('rtp', 'desk-phone-dual-line-offer', { ptimeMs: 20 }).agreed[0]?.ptimeMs).toBe(
      30,
    );
    expect(answered('rtp', 'sipp-offer', { ptimeMs: 20 }).agreed[0]?.ptimeMs).toBe(20);
    expect(answered('rtp', 'pbx-hold-by-address-offer', { ptimeMs: 200 }).agreed[0]?.ptimeMs).toBe(
      150,
    );
  });
});

test('codecs are answered in our order, and the direction is narrowed', () => {
  const codecs = [ours.pcma, ours.opus];
  const { sdp } = answered('webrtc', 'chromium-audio-hold-offer', { codecs });
  expect(linesOf(sdp, 'm=')).toEqual(['m=audio 10000 UDP/TLS/RTP/SAVPF 8 111']);
  expect(linesOf(sdp, 'a=recvonly', 'a=sendrecv')).toEqual(['a=recvonly']);
});

describe('Nothing in common is a fault', () => {
  test.each<[string, TransportPreset, string, Partial<LocalMedia>]>([
    ['a fax', 'rtp', 'fax-reinvite-offer', {}],
    ['other codecs', 'rtp', 'sipp-offer', { codecs: [ours.opus, ours.events8] }],
    ['another keying', 'sdes', 'baresip-rtp-offer', {}],
    ['no ICE', 'webrtc', 'baresip-dtls-offer', {}],
    ['no suite', 'sdes', 'baresip-sdes-offer', { transport: ours.rtpTransport }],
    ['another kind', 'rtp', 'sipp-offer', { kind: 'video' }],
  ])('%s', (_why, preset, name, more) => {
    const result = makeAnswer(start(preset), described(name), [{ ...media[preset], ...more }]);
    expect(faultOf(result)).toBe('offer_answer.nothing_in_common');
  });

  test('but an offer that disables everything is answered so', () => {
    const offer = fixture('sipp-offer').replace('m=audio 30100', 'm=audio 0');
    const { sdp, agreed } = succeeded(makeAnswer(start('rtp'), understood(offer), [media.rtp]));
    expect(linesOf(sdp, 'm=')).toEqual(['m=audio 0 RTP/AVP 0']);
    expect(agreed).toEqual([]);
  });
});

describe('Two m-lines on one transport of ours', () => {
  const vp8 = ours.codec('vp8', 96, { clockRate: 90_000, feedback: ['nack', 'nack pli'] });
  const both = [browserAudio, { ...browserAudio, kind: 'video', codecs: [vp8] } as const];
  test('are accepted in a bundle, one port and one set of candidates (RFC 9143 §7.3)', () => {
    const { sdp, agreed } = succeeded(
      makeAnswer(start('webrtc'), described('chromium-audio-video-data-offer'), both),
    );
    expect(linesOf(sdp, 'a=candidate').length).toBe(1);
    expect(linesOf(sdp, 'a=ice-ufrag')).toEqual(new Array(2).fill('a=ice-ufrag:m0ufrag'));
    expect(linesOf(sdp, 'a=group')).toEqual(['a=group:BUNDLE 0 1']);
    expect(agreed.map(({ bundledInto }) => bundledInto)).toEqual([undefined, 0]);
    expect(agreed[1]?.remote.ice).toEqual(agreed[0]?.remote.ice);
    expect(agreed[1]?.sendCodecs[0]?.feedback).toEqual(['nack', 'nack pli']);
  });
  test('are not accepted without one', () => {
    const offer = fixture('chromium-audio-video-data-offer').replace(/a=group.*\r\n/, '');
    const { agreed, sdp } = succeeded(makeAnswer(start('webrtc'), understood(offer), both));
    expect(agreed.map(({ index }) => index)).toEqual([0]);
    expect(linesOf(sdp, 'a=group')).toEqual([]);
  });
});

describe('Answers to later offers', () => {
  test('are the same text when nothing changed', () => {
    const first = answered('rtp', 'baresip-rtp-offer');
    const again = succeeded(
      makeAnswer(first.negotiation, described('baresip-rtp-offer'), [media.rtp]),
    );
    expect(again.sdp).toBe(first.sdp);
    expect(again.negotiation.version).toBe(1);
  });

  test('raise the version by one for a hold', () => {
    const first = answered('rtp', 'baresip-rtp-offer');
    const held = understood(fixture('baresip-rtp-offer').replace('a=sendrecv', 'a=sendonly'));
    const answer = succeeded(makeAnswer(first.negotiation, held, [media.rtp]));
    expect(linesOf(answer.sdp, 'o=', 'a=recvonly')).toEqual([
      'o=- 42 2 IN IP4 203.0.113.7',
      'a=recvonly',
    ]);
  });

  test('never let a payload type mean another codec, even if the peer does', () => {
    const first = answered('rtp', 'baresip-rtp-offer');
    const swapped = fixture('baresip-rtp-offer')
      .replace('96 opus/48000/2', '96 G722/8000')
      .replace('9 0 8', '0 8');
    const { agreed } = succeeded(makeAnswer(first.negotiation, understood(swapped), [media.rtp]));
    const g722 = agreed[0]!.receiveCodecs.findIndex(({ name }) => name === 'g722');
    expect(agreed[0]!.sendCodecs[g722]?.payloadType).toBe(96);
    expect(agreed[0]!.receiveCodecs[g722]?.payloadType).toBe(9);
  });
});
