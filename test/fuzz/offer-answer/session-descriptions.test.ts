/** Session descriptions from strangers, and what is answered to them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeAnswer } from '../../../gateway/offer-answer/answer.ts';
import { applyAnswer } from '../../../gateway/offer-answer/apply-answer.ts';
import {
  type Codec,
  type LocalMedia,
  type TransportParameters,
  transportPresets,
} from '../../../gateway/offer-answer/description.ts';
import { narrowed } from '../../../gateway/offer-answer/direction.ts';
import { parseIceCandidate } from '../../../gateway/offer-answer/ice-candidate.ts';
import { startNegotiation } from '../../../gateway/offer-answer/negotiation.ts';
import { makeOffer } from '../../../gateway/offer-answer/offer.ts';
import { parseRemoteDescription } from '../../../gateway/offer-answer/remote-description.ts';
import { parseSdp } from '../../../gateway/wire/sdp/parse.ts';
import { serialiseSdp } from '../../../gateway/wire/sdp/serialise.ts';
import { damagedText } from '../mutation.ts';

const directory = new URL('../../fixtures/sdp/', import.meta.url);
const seeds = readdirSync(directory)
  .filter((name) => name.endsWith('.sdp'))
  .map((name) => readFileSync(new URL(name, directory), 'latin1'));

const codec = (name: string, payloadType: number, clockRate = 8000, channels = 1): Codec => ({
  name,
  payloadType,
  clockRate,
  channels,
  parameters: {},
  feedback: [],
});
const transport: TransportParameters = {
  address: '203.0.113.7',
  rtpPort: 20_000,
  rtcpPort: 20_001,
  mux: false,
  ice: { ufrag: 'abcd', pwd: 'p'.repeat(22), lite: true, candidates: [], endOfCandidates: true },
  fingerprints: [{ hash: 'sha-256', value: new Array(32).fill('AB').join(':') }],
  crypto: [{ tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key: Buffer.alloc(30).toString('base64') }],
};
const media: LocalMedia = {
  kind: 'audio',
  codecs: [codec('opus', 111, 48_000, 2), codec('pcmu', 0), codec('telephone-event', 101)],
  direction: 'sendrecv',
  transport,
  extensions: [],
};
const presets = Object.values(transportPresets);

test('a description is parsed or refused, and what is written means the same', () => {
  fc.assert(
    fc.property(damagedText(seeds), (text) => {
      const first = parseSdp(text);
      if (first.ok) expect(parseSdp(serialiseSdp(first.value)).ok).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('any offer is answered legally or refused, and our own parser understands the answer', () => {
  fc.assert(
    fc.property(damagedText(seeds), fc.constantFrom(...presets), (text, kind) => {
      const offer = parseRemoteDescription(text);
      if (!offer.ok) return;
      const answer = makeAnswer(startNegotiation(kind, false, '1'), offer.value, [media]);
      if (!answer.ok) return;
      const read = parseRemoteDescription(answer.value.sdp);
      if (!read.ok) throw new Error(`${read.fault.code}: ${read.fault.detail}`);
      expect(read.value.lines.length).toBe(offer.value.lines.length);
      for (const agreed of answer.value.agreed) {
        const offered = offer.value.lines[agreed.index]!;
        const answered = read.value.lines[agreed.index]!;
        if (offered.kind === 'unusable' || answered.kind === 'unusable') {
          throw new Error(`m-line ${agreed.index}`);
        }
        expect(agreed.direction).toBe(narrowed('sendrecv', offered.direction));
        expect(answered.codecs.length).toBe(agreed.receiveCodecs.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('any answer to our offer is applied or refused', () => {
  const offers = presets.map((kind) => makeOffer(startNegotiation(kind, false, '1'), [media]));
  fc.assert(
    fc.property(damagedText(seeds), fc.constantFrom(...offers), (text, offer) => {
      const answer = parseRemoteDescription(text);
      if (answer.ok && offer.ok) applyAnswer(offer.value.negotiation, answer.value);
    }),
    { numRuns: 2000 },
  );
});

test('any candidate is parsed or refused', () => {
  const candidates = seeds.flatMap((seed) => seed.match(/candidate:.*/g) ?? []);
  fc.assert(
    fc.property(damagedText(candidates), (text) => {
      parseIceCandidate(text);
    }),
    { numRuns: 5000 },
  );
});

test('the largest hostile descriptions take less than 50 ms', () => {
  const HEAD = 'v=0\no=- 1 1 IN IP4 192.0.2.1\n';
  const line = (text: string) =>
    HEAD + text.repeat(Math.floor((65_000 - HEAD.length) / text.length));
  const hostile = [
    line('a=x\n'),
    line('\n'),
    line('m=audio 1 RTP/AVP 0 8 96\n'),
    line('a=ssrc:1 cname:x\n'),
    `${HEAD}m=audio 1 RTP/AVP ${'96 '.repeat(120)}\n${'a=rtcp-fb:* x\n'.repeat(500)}`,
    `${HEAD}m=audio 1 RTP/AVP 96\n${'a=fmtp:96 a=b\n'.repeat(500)}`,
    `${HEAD}a=group:BUNDLE${' 0'.repeat(4000)}\n${'m=audio 0 RTP/AVP 0\na=bundle-only\na=mid:0\n'.repeat(32)}`,
    `${HEAD}m=audio 1 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(8000)}\n`,
    `${HEAD}m=audio 1 RTP/AVP 0\na=fingerprint:sha-256 ${'AA:'.repeat(2600)}\n`,
    `${HEAD}c=IN IP6 ${':'.repeat(8000)}\nm=audio 1 RTP/AVP 0\n`,
  ];
  for (const text of hostile) {
    parseRemoteDescription(text);
    const started = process.hrtime.bigint();
    const offer = parseRemoteDescription(text);
    if (offer.ok)
      makeAnswer(startNegotiation(transportPresets.rtp, false, '1'), offer.value, [media]);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(50);
  }
});
