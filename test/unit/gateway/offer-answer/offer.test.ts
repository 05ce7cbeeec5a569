/** Our offers. */
import { describe, expect, test } from '@jest/globals';
import { makeAnswer } from '../../../../gateway/offer-answer/answer.ts';
import { applyAnswer } from '../../../../gateway/offer-answer/apply-answer.ts';
import {
  type LocalMedia,
  type Negotiation,
  type TransportPreset,
  transportPresets,
} from '../../../../gateway/offer-answer/description.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import { makeOffer } from '../../../../gateway/offer-answer/offer.ts';
import {
  audio,
  browserAudio,
  codec,
  linesOf,
  pcmu,
  rtpTransport,
  sdesTransport,
  succeeded,
  understood,
  webrtcTransport,
} from './examples.ts';

const start = (preset: TransportPreset) =>
  startNegotiation(transportPresets[preset], preset === 'webrtc', '42');
const offered = (preset: TransportPreset, ...media: LocalMedia[]) =>
  succeeded(makeOffer(start(preset), media)).sdp;

const vp8 = codec('vp8', 96, { clockRate: 90_000, feedback: ['nack'] });
const video: LocalMedia = { ...browserAudio, kind: 'video', codecs: [vp8] };

/** A peer that takes everything answers our offer. */
function accepted(negotiation: Negotiation, sdp: string, ...media: LocalMedia[]): Negotiation {
  const peer = startNegotiation(negotiation.transportKind, false, '9');
  const answer = succeeded(makeAnswer(peer, understood(sdp), media));
  return succeeded(applyAnswer(negotiation, understood(answer.sdp))).negotiation;
}

test('a plain offer to a phone is this, and nothing of WebRTC', () => {
  const media = audio(rtpTransport, { codecs: [pcmu, codec('telephone-event', 101)], ptimeMs: 20 });
  const streams = { source: { ssrc: 1, cname: 'x' }, stream: { stream: 'y' } };
  expect(offered('rtp', { ...media, ...streams })).toBe(
    [
      'v=0',
      'o=- 42 1 IN IP4 203.0.113.7',
      's=-',
      'c=IN IP4 203.0.113.7',
      't=0 0',
      'm=audio 20000 RTP/AVP 0 101',
      'a=sendrecv',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=ptime:20',
      '',
    ].join('\r\n'),
  );
});

test('an SDES offer carries every key line, without any other kind of key', () => {
  const mixed = { ...webrtcTransport, ...sdesTransport, ice: webrtcTransport.ice! };
  const sdp = offered('sdes', audio({ ...mixed, fingerprints: webrtcTransport.fingerprints }));
  expect(linesOf(sdp, 'm=')).toEqual(['m=audio 20000 RTP/SAVP 111 9 0 8 101 110']);
  expect(linesOf(sdp, 'a=crypto').length).toBe(2);
  expect(linesOf(sdp, 'a=ice', 'a=fingerprint', 'a=setup', 'a=candidate', 'a=rtcp-mux')).toEqual(
    [],
  );
});

test('a DTLS offer without ICE leaves the role open', () => {
  const { ice: _, ...transport } = webrtcTransport;
  const sdp = offered('dtls', audio({ ...transport, rtcpPort: 10_001 }));
  expect(linesOf(sdp, 'm=audio', 'a=setup', 'a=rtcp', 'a=mid', 'a=group')).toEqual([
    'm=audio 10000 UDP/TLS/RTP/SAVP 111 9 0 8 101 110',
    'a=setup:actpass',
  ]);
});

test('an RTCP port that is not the next one is told (RFC 3605)', () => {
  expect(linesOf(offered('rtp', audio({ ...rtpTransport, rtcpPort: 20_003 })), 'a=rtcp:')).toEqual([
    'a=rtcp:20003',
  ]);
});

test('a browser is offered ICE-lite, BUNDLE, mux and actpass', () => {
  const sdp = offered('webrtc', browserAudio);
  expect(linesOf(sdp, 'a=').filter((line) => !/rtpmap|fmtp/.test(line))).toEqual([
    'a=group:BUNDLE 0',
    'a=ice-options:ice2 trickle',
    'a=ice-lite',
    'a=msid-semantic:WMS *',
    'a=candidate:1 1 udp 2130706431 203.0.113.7 10000 typ host',
    'a=end-of-candidates',
    'a=ice-ufrag:m0ufrag',
    'a=ice-pwd:local-password-of-22-chars',
    `a=fingerprint:sha-256 ${webrtcTransport.fingerprints[0]!.value}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=sendrecv',
    'a=msid:causeway audio',
    'a=ssrc:1234 cname:ours',
    'a=rtcp-mux',
    'a=rtcp-rsize',
  ]);
});

test('a second m-line on the same transport is bundle-only at first (RFC 9143 §7.2.1)', () => {
  const sdp = offered('webrtc', browserAudio, video);
  expect(linesOf(sdp, 'm=', 'a=mid', 'a=bundle-only', 'a=ice-ufrag', 'a=group')).toEqual([
    'a=group:BUNDLE 0 1',
    'm=audio 10000 UDP/TLS/RTP/SAVPF 111 9 0 8 101 110',
    'a=ice-ufrag:m0ufrag',
    'a=mid:0',
    'm=video 0 UDP/TLS/RTP/SAVPF 96',
    'a=ice-ufrag:m0ufrag',
    'a=mid:1',
    'a=bundle-only',
  ]);
});

test('every Opus of ours asks for in-band FEC', () => {
  expect(linesOf(offered('rtp', audio(rtpTransport)), 'a=fmtp:111')).toEqual([
    'a=fmtp:111 minptime=10;useinbandfec=1',
  ]);
});

describe('Later offers', () => {
  const first = succeeded(makeOffer(start('webrtc'), [browserAudio, video]));
  const stable = accepted(first.negotiation, first.sdp, browserAudio, video);

  test('raise the version by one when something changes, and only then', () => {
    const refresh = succeeded(makeOffer(stable, [browserAudio, video]));
    // The bundle stands now, so the second m-line is described differently: once.
    const settled = accepted(refresh.negotiation, refresh.sdp, browserAudio, video);
    const again = succeeded(makeOffer(settled, [browserAudio, video]));
    expect(again.sdp).toBe(refresh.sdp);
    const held = succeeded(
      makeOffer(accepted(again.negotiation, again.sdp, browserAudio, video), [
        { ...browserAudio, direction: 'sendonly' },
        video,
      ]),
    );
    const versions = [first, refresh, again, held].map(({ negotiation }) => negotiation.version);
    expect(versions).toEqual([1, 2, 2, 3]);
    expect(linesOf(held.sdp, 'o=')).toEqual(['o=- 42 3 IN IP4 203.0.113.7']);
  });

  test('keep the place of an m-line whose media is gone, and take it up again', () => {
    const without = succeeded(makeOffer(stable, [video]));
    expect(linesOf(without.sdp, 'm=', 'a=mid', 'a=group')).toEqual([
      'a=group:BUNDLE 1',
      'm=audio 0 UDP/TLS/RTP/SAVPF 111 9 0 8 101 110',
      'a=mid:0',
      'm=video 10000 UDP/TLS/RTP/SAVPF 96',
      'a=mid:1',
    ]);
    const gone = accepted(without.negotiation, without.sdp, video);
    const back = succeeded(makeOffer(gone, [video, browserAudio]));
    expect(linesOf(back.sdp, 'm=').map((line) => line.split(' ')[0])).toEqual([
      'm=audio',
      'm=video',
    ]);
    expect(linesOf(back.sdp, 'a=mid')).toEqual(['a=mid:0', 'a=mid:1']);
  });

  test('never give a payload type to another codec', () => {
    const other = codec('av1', 96, { clockRate: 90_000 });
    const changed = succeeded(
      makeOffer(stable, [browserAudio, { ...video, codecs: [other, vp8] }]),
    );
    expect(linesOf(changed.sdp, 'm=video')).toEqual(['m=video 10000 UDP/TLS/RTP/SAVPF 97 96']);
  });
});
