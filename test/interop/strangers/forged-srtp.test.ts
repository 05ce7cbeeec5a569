/** SRTP that is forged or was sent before: none of it reaches the other side (RFC 3711 §3.3.2). */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NumberedMedia } from '../../support/attack/numbered-media.ts';
import { UdpEnd } from '../../support/attack/udp-end.ts';
import {
  bridge,
  closeLegs,
  connectWebRtcLeg,
  type LegEnd,
  openPlainLeg,
  openSdesLeg,
  openWebRtcLeg,
  type PortLegEnd,
} from '../support/legs.ts';
import { MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import { Bystanders } from './support/bystanders.ts';

const STRANGER_ADDRESS = '127.0.0.66';
const START_MS = 30_000;
const TEST_MS = 30_000;
const TALK_MS = 600;
const SETTLE_MS = 300;
const VOLLEYS = 20;
const VOLLEY_MS = 25;
const SRTCP_SENDER_REPORT = 200;

interface KeyedEnd {
  readonly leg: LegEnd;
  readonly end: UdpEnd;
}

describe.each(['webrtc', 'sdes'] as const)('towards a %s leg', (kind) => {
  let media: MediaProcessUnderTest;
  let bystanders: Bystanders;
  let stranger: UdpEnd;
  let keyed: KeyedEnd;
  let phone: PortLegEnd;

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start();
    bystanders = await Bystanders.start(media);
    stranger = await UdpEnd.open(STRANGER_ADDRESS);
    keyed = await openKeyedEnd(media, kind);
    phone = await openPlainLeg(media);
    await bridge(media, keyed.leg, phone);
    keyed.leg.media.start();
    phone.media.start();
    await wait(TALK_MS);
  }, START_MS);

  afterAll(async () => {
    keyed.leg.close();
    phone.close();
    stranger.close();
    await media.stop();
  }, START_MS);

  test.each(['its peer’s own address', 'another address'])(
    'from %s, not one replayed or forged packet is relayed',
    async (where) => {
      const from = where === 'another address' ? stranger : keyed.end;
      const forger = new NumberedMedia(from);
      const target = keyed.leg.media.remote!;
      for (let volley = 0; volley < VOLLEYS; volley += 1) {
        const genuine = [...keyed.leg.media.lastSent];
        const latest = genuine.at(-1)!;
        for (const packet of genuine) from.send(packet, target);
        for (const packet of forgeriesOf(latest, forger.nextPacket())) from.send(packet, target);
        await wait(VOLLEY_MS);
      }
      await wait(SETTLE_MS);
      expect(phone.media.repeatsFrom(keyed.leg.media)).toBe(0);
      expect(phone.media.heardFromOthersThan(keyed.leg.media)).toBe(0);
      expect(stranger.received).toHaveLength(0);
    },
    TEST_MS,
  );

  test('each was refused for what it was', async () => {
    const { refused } = await media.statistics(keyed.leg.leg);
    expect(refused['srtp.replayed']).toBeGreaterThan(100);
    expect(refused['srtp.unauthenticated']).toBeGreaterThan(VOLLEYS);
  });

  test('the attacked call goes on both ways without a loss', async () => {
    keyed.leg.media.stop();
    phone.media.stop();
    await wait(SETTLE_MS);
    const there = keyed.leg.media.sent - phone.media.heardFrom(keyed.leg.media);
    const back = phone.media.sent - keyed.leg.media.heardFrom(phone.media);
    expect(keyed.leg.media.sent).toBeGreaterThan(50);
    expect({ there, back }).toEqual({ there: 0, back: 0 });
    await closeLegs(media, keyed.leg, phone);
  });

  test('no call of others is hurt', async () => {
    expect(await bystanders.stop()).toMatchObject({ hurt: [], failures: 0 });
  });
});

async function openKeyedEnd(
  media: MediaProcessUnderTest,
  kind: 'webrtc' | 'sdes',
): Promise<KeyedEnd> {
  if (kind === 'sdes') {
    const leg = await openSdesLeg(media);
    return { leg, end: leg.end };
  }
  const leg = await openWebRtcLeg(media);
  await connectWebRtcLeg(media, leg);
  return { leg, end: leg.peer.end };
}

/** From a packet that is known, and one in clear, what a forger without keys can make. */
function forgeriesOf(genuine: Buffer, inClear: Buffer): readonly Buffer[] {
  const sequence = genuine.readUInt16BE(2);
  const ahead = (packet: Buffer, by: number) => {
    const forged = Buffer.from(packet);
    genuine.copy(forged, 8, 8, 12);
    forged.writeUInt16BE((sequence + by) & 0xffff, 2);
    return forged;
  };
  const turned = Buffer.from(genuine);
  turned[40] = (turned[40] ?? 0) ^ 1;
  const report = Buffer.concat([Buffer.from([0x80, SRTCP_SENDER_REPORT, 0, 6]), randomBytes(38)]);
  return [
    // Newer than all that came: the same sound under the next numbers, a turned bit, noise.
    ahead(genuine, 1),
    ahead(genuine, 0x4000),
    ahead(turned, 1),
    ahead(Buffer.concat([genuine.subarray(0, 12), randomBytes(170)]), 2),
    // What was never encrypted, under the SSRC that is expected and under one of its own.
    ahead(inClear, 3),
    inClear,
    genuine.subarray(0, 20),
    report,
  ];
}
