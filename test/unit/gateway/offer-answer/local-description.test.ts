/** Our descriptions as a whole. */
import { expect, test } from '@jest/globals';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';
import { describeLocally, lineOf } from '../../../../gateway/offer-answer/local-description.ts';
import {
  type MediaSection,
  writeDisabledSection,
} from '../../../../gateway/offer-answer/media-section.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import { audio, browserAudio, linesOf, pcmu, rtpTransport, webrtcTransport } from './examples.ts';

const start = startNegotiation(transportPresets.rtp, false, '42');
const section: MediaSection = {
  local: audio(rtpTransport),
  protocol: 'RTP/AVP',
  grouped: false,
  direction: 'sendrecv',
  codecs: [pcmu],
  extensions: [],
  extensionsMixed: false,
  reducedSizeRtcp: false,
  transport: rtpTransport,
  carriage: 'own',
};
const disabled = writeDisabledSection({
  media: 'image',
  protocol: 'udptl',
  formats: ['t38'],
  rejected: true,
});

test('the version begins at one, stays with the same text, and rises by one with another', () => {
  const first = describeLocally(start, [section]);
  const same = describeLocally(first.negotiation, [section]);
  const other = describeLocally(same.negotiation, [section, disabled]);
  expect([first, same, other].map(({ negotiation }) => negotiation.version)).toEqual([1, 1, 2]);
  expect(same.sdp).toBe(first.sdp);
  expect(same.negotiation).toBe(first.negotiation);
});

test('phones find the address in the session, other addresses with their m-line', () => {
  const second = { ...section, transport: { ...rtpTransport, address: '2001:db8::1' } };
  expect(linesOf(describeLocally(start, [section, second]).sdp, 'c=', 'm=')).toEqual([
    'c=IN IP4 203.0.113.7',
    'm=audio 20000 RTP/AVP 0',
    'm=audio 20000 RTP/AVP 0',
    'c=IN IP6 2001:db8::1',
  ]);
});

test('browsers find it with each m-line, and ICE-lite in the session', () => {
  const browser = {
    ...section,
    local: browserAudio,
    mid: '0',
    grouped: true,
    transport: webrtcTransport,
  };
  const { sdp } = describeLocally(start, [browser]);
  expect(linesOf(sdp, 'c=').length).toBe(2);
  expect(linesOf(sdp.split('m=')[0]!, 'a=')).toEqual([
    'a=group:BUNDLE 0',
    'a=ice-options:ice2 trickle',
    'a=ice-lite',
    'a=msid-semantic:WMS *',
  ]);
});

test('a description without any media is still one', () => {
  const { sdp, negotiation } = describeLocally(start, [disabled]);
  expect(linesOf(sdp, 'o=', 'm=')).toEqual(['o=- 42 1 IN IP4 0.0.0.0', 'm=image 0 udptl t38']);
  expect(negotiation.version).toBe(1);
});

test('of each m-line is remembered what a later offer must repeat', () => {
  expect(lineOf({ ...section, mid: 'm' })).toEqual({
    media: 'audio',
    protocol: 'RTP/AVP',
    mid: 'm',
    formats: ['0'],
    rejected: false,
  });
  expect(lineOf(disabled)).toEqual({
    media: 'image',
    protocol: 'udptl',
    formats: ['t38'],
    rejected: true,
  });
});
