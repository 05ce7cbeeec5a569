/**
 * How much later a sound is heard for having gone through the gateway, between real ends: a WebRTC
 * peer or a SIP phone's socket on one side, a phone's socket on the other, a media process between.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PCMU } from '../../../transcoder/g711.ts';
import { loadOpus } from '../../../transcoder/native/load.ts';
import { opusCodec } from '../../../transcoder/opus.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { lagMs } from '../../support/sound/lag.ts';
import {
  bridge,
  closeLegs,
  connectWebRtcLeg,
  type LegEnd,
  openPlainLeg,
  openSdesLeg,
  openWebRtcLeg,
  PLAN,
} from '../support/legs.ts';
import { MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import {
  type EndCodec,
  Listener,
  type Recording,
  SAMPLE_RATE,
  type Sent,
  sendSound,
} from './support/timed-sound.ts';

const START_MS = 30_000;
const TEST_MS = 90_000;
const SECONDS = 10;
/** What is on its way when the senders stop. */
const SETTLE_MS = 400;
/** What the gateway does before it has adapted is not what a talker waits for. */
const ADAPTING_MS = 2_000;
/** A machine that sends later than this is no clean network; then the call is made again. */
const MOST_OWN_JITTER_MS = 4;
const CALLS_AGAIN = 3;
const RANGE_MS = [-150, 300] as const;
/** The same sound, however it was coded. */
const LEAST_AGREEMENT = 0.8;

/** Nothing is heard before it was said; both clocks are read to about a millisecond. */
const LEAST_MS = -2;
const MOST_RELAYED_MS = 5;
const MOST_TRANSCODED_MS = 40;
const MOST_AT_JITTER_MS = 100;
/** From the first to the last: ±40 ms around the middle. */
const JITTER_MS = 80;

const pcmu: EndCodec = { codec: PCMU, binding: PLAN.send[0]! };
const opusBinding = {
  name: 'opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: { useinbandfec: '1' },
};

describe('the delay that the gateway adds', () => {
  let media: MediaProcessUnderTest;
  let opus: EndCodec;

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start();
    opus = { codec: opusCodec(loadOpus()), binding: opusBinding };
  }, START_MS);

  afterAll(() => media.stop(), START_MS);

  async function webRtcLeg({ binding }: EndCodec): Promise<LegEnd> {
    const plan = { ...PLAN, send: [binding], receive: [binding] };
    const leg = await openWebRtcLeg(media, { plan });
    await connectWebRtcLeg(media, leg);
    return leg;
  }

  /** Both talk at once, for ten seconds; the lags of what the phone and the other one hear. */
  async function talk(far: LegEnd, codec: EndCodec, jitterMs: number) {
    const phone = await openPlainLeg(media);
    await bridge(media, far, phone);
    const ends = [
      { media: far.media, codec },
      { media: phone.media, codec: pcmu },
    ] as const;
    const [atFar, atPhone] = ends.map((end) => new Listener(end)) as [Listener, Listener];
    const [fromFar, fromPhone] = (await Promise.all(
      ends.map((end, seed) =>
        sendSound(end, bursts(seed), { jitterMs, random: new SeededRandom(seed) }),
      ),
    )) as [Sent, Sent];
    await wait(SETTLE_MS);
    await closeLegs(media, far, phone);
    return {
      ownJitterMs: Math.max(fromFar.lateMs, fromPhone.lateMs) - jitterMs,
      lags: [lagBehind(fromFar, atPhone.recording()), lagBehind(fromPhone, atFar.recording())],
    };
  }

  /** A call during which the machine was busy is made again: its delay is not the gateway's. */
  async function talkOnCleanNetwork(
    openFar: () => Promise<LegEnd>,
    codec: EndCodec,
    jitterMs: number,
  ) {
    let call = await talk(await openFar(), codec, jitterMs);
    for (let again = 0; again < CALLS_AGAIN && call.ownJitterMs > MOST_OWN_JITTER_MS; again += 1) {
      call = await talk(await openFar(), codec, jitterMs);
    }
    return call.lags;
  }

  test.each([
    ['WebRTC, relayed', () => webRtcLeg(pcmu), () => pcmu, 0, MOST_RELAYED_MS],
    ['SDES, relayed', () => openSdesLeg(media), () => pcmu, 0, MOST_RELAYED_MS],
    ['WebRTC, transcoded', () => webRtcLeg(opus), () => opus, 0, MOST_TRANSCODED_MS],
    ['WebRTC, transcoded, ±40 ms', () => webRtcLeg(opus), () => opus, JITTER_MS, MOST_AT_JITTER_MS],
  ] as const)(
    '%s, with a plain phone',
    async (_name, openFar, codecOf, jitterMs, mostMs) => {
      const lags = await talkOnCleanNetwork(openFar, codecOf(), jitterMs);
      for (const { lagMs: lag, agreement } of lags) {
        expect(agreement).toBeGreaterThan(LEAST_AGREEMENT);
        expect(lag).toBeGreaterThan(LEAST_MS);
        expect(lag).toBeLessThanOrEqual(mostMs);
      }
    },
    TEST_MS,
  );
});

/** Bursts of a tone of 60 ms at irregular times, in silence: no two places look alike. */
function bursts(seed: number): Int16Array {
  const random = new SeededRandom(100 + seed);
  const pcm = new Int16Array(SECONDS * SAMPLE_RATE);
  const length = 0.06 * SAMPLE_RATE;
  for (let at = 0; at + length < pcm.length; at += 2 * length + random.below(4 * length)) {
    for (let i = 0; i < length; i += 1) {
      const envelope = Math.sin((Math.PI * i) / length);
      pcm[at + i] = 12_000 * envelope * Math.sin((2 * Math.PI * 700 * i) / SAMPLE_RATE);
    }
  }
  return pcm;
}

/** By how much the sound is later than it would be heard without a gateway. */
function lagBehind(sent: Recording, heard: Recording) {
  const skipped = (ADAPTING_MS * SAMPLE_RATE) / 1_000;
  expect(heard.pcm.length).toBeGreaterThan((SECONDS - 1) * SAMPLE_RATE);
  const offset = heard.startedAt - sent.startedAt;
  const { lagMs: lag, agreement } = lagMs(
    sent.pcm.subarray(skipped),
    heard.pcm.subarray(skipped),
    SAMPLE_RATE,
    [RANGE_MS[0] - Math.round(offset), RANGE_MS[1] - Math.round(offset)],
  );
  return { lagMs: lag + offset, agreement };
}
