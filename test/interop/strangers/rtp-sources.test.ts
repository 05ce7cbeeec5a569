/** Plain RTP from where it has no business: neither heard nor answered (RFC 7362 §4, RFC 4961). */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { NumberedMedia } from '../../support/attack/numbered-media.ts';
import { UdpEnd } from '../../support/attack/udp-end.ts';
import { bridge, closeLegs, openPlainLeg, type PortLegEnd } from '../support/legs.ts';
import { GATEWAY_ADDRESS, MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import { Bystanders } from './support/bystanders.ts';

const STRANGER_ADDRESS = '127.0.0.66';
/** Where a trunk's media comes from, and the stranger too: nearly a friend. */
const SHARED_NETWORK = '127.0.0.64/26';
const START_MS = 30_000;
const TEST_MS = 30_000;
const SPRAY_MS = 10;
const FLOOD_MS = 2;
const PHASE_MS = 600;
const SETTLE_MS = 300;
/** What a stranger with a plausible address may get in before the lock. */
const MOST_BEFORE_LOCK = 5;

describe('plain RTP of a stranger', () => {
  let media: MediaProcessUnderTest;
  let bystanders: Bystanders;
  let stranger: UdpEnd;
  let forger: NumberedMedia;
  let attack: NodeJS.Timeout | undefined;
  const calls: PortLegEnd[] = [];

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start();
    bystanders = await Bystanders.start(media);
    stranger = await UdpEnd.open(STRANGER_ADDRESS);
    forger = new NumberedMedia(stranger);
  }, START_MS);

  afterEach(() => {
    clearInterval(attack);
    stranger.received.length = 0;
  });

  afterAll(async () => {
    for (const end of calls) end.close();
    stranger.close();
    await media.stop();
  }, START_MS);

  /** Two plain legs that talk with each other, judged by what the far one hears. */
  async function openCall(networks: readonly string[] = []) {
    const phone = await openPlainLeg(media, { mediaNetworks: networks, anySource: false });
    const far = await openPlainLeg(media);
    calls.push(phone, far);
    await bridge(media, phone, far);
    return { phone, far };
  }

  async function endCall({ phone, far }: { phone: PortLegEnd; far: PortLegEnd }) {
    phone.media.stop();
    far.media.stop();
    await wait(SETTLE_MS);
    const lost = {
      there: phone.media.sent - far.media.heardFrom(phone.media),
      back: far.media.sent - phone.media.heardFrom(far.media),
    };
    await closeLegs(media, phone, far);
    return lost;
  }

  test(
    'sprayed over all ports before, during and after set-up is never relayed nor answered',
    async () => {
      let sprayed = 0;
      attack = setInterval(() => {
        for (let port = media.firstRtpPort; port <= media.lastRtpPort; port += 1) {
          stranger.send(forger.nextPacket(), { address: GATEWAY_ADDRESS, port });
          sprayed += 1;
        }
      }, SPRAY_MS);
      await wait(PHASE_MS);
      const call = await openCall();
      await wait(PHASE_MS);
      call.phone.media.start();
      call.far.media.start();
      await wait(PHASE_MS);
      clearInterval(attack);
      const { refused } = await media.statistics(call.phone.leg);
      expect(sprayed).toBeGreaterThan(5_000);
      expect(refused['source.refused']).toBeGreaterThan(10);
      expect(call.far.media.heardFrom(forger)).toBe(0);
      expect(call.phone.media.heardFrom(forger)).toBe(0);
      expect(stranger.received).toHaveLength(0);
      expect(await endCall(call)).toEqual({ there: 0, back: 0 });
    },
    TEST_MS,
  );

  test(
    'from a network that media may come from gets in with few packets before the lock, then with none',
    async () => {
      const call = await openCall([SHARED_NETWORK]);
      forger.remote = call.phone.target;
      attack = setInterval(() => forger.sendOne(), FLOOD_MS);
      call.phone.media.start();
      call.far.media.start();
      await wait(PHASE_MS);
      const beforeLock = call.far.media.heardFrom(forger);
      stranger.received.length = 0;
      await wait(PHASE_MS);
      clearInterval(attack);
      expect(beforeLock).toBeLessThanOrEqual(MOST_BEFORE_LOCK);
      expect(call.far.media.heardFrom(forger) - beforeLock).toBe(0);
      expect(stranger.received).toHaveLength(0);
      await endCall(call);
    },
    TEST_MS,
  );

  test(
    'from such a network, though it came first, gives way to the address in the description',
    async () => {
      const call = await openCall([SHARED_NETWORK]);
      forger.remote = call.phone.target;
      attack = setInterval(() => forger.sendOne(), FLOOD_MS);
      await wait(PHASE_MS);
      call.phone.media.start();
      call.far.media.start();
      await wait(PHASE_MS);
      const beforeLock = call.far.media.heardFrom(forger);
      stranger.received.length = 0;
      await wait(PHASE_MS);
      clearInterval(attack);
      expect(call.far.media.heardFrom(forger) - beforeLock).toBe(0);
      expect(stranger.received).toHaveLength(0);
      const { there } = await endCall(call);
      expect(there).toBeLessThanOrEqual(MOST_BEFORE_LOCK);
    },
    TEST_MS,
  );

  test(
    'that goes on with the SSRC and the numbers of a locked stream is refused all the same',
    async () => {
      const call = await openCall([SHARED_NETWORK]);
      call.phone.media.start();
      call.far.media.start();
      await wait(PHASE_MS);
      for (let volley = 0; volley < 20; volley += 1) {
        const forged = Buffer.from(forger.nextPacket());
        const latest = call.phone.media.lastSent.at(-1)!;
        latest.copy(forged, 8, 8, 12);
        forged.writeUInt16BE((latest.readUInt16BE(2) + 1) & 0xffff, 2);
        stranger.send(forged, call.phone.target);
        await wait(SPRAY_MS);
      }
      await wait(SETTLE_MS);
      expect(call.far.media.heardFrom(forger)).toBe(0);
      expect(stranger.received).toHaveLength(0);
      expect(await endCall(call)).toEqual({ there: 0, back: 0 });
    },
    TEST_MS,
  );

  test('hurts no call of others', async () => {
    expect(await bystanders.stop()).toMatchObject({ hurt: [], failures: 0 });
  });
});
