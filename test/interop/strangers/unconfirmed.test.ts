/**
 * DTLS from addresses that no check confirmed, STUN that proves nothing: silence (RFC 8445 §7.3).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MediaCensus } from '../../../gateway/media-contract/contract.ts';
import { bindingRequest } from '../../support/attack/binding-request.ts';
import { alerts, clientHello, noise } from '../../support/attack/dtls-records.ts';
import { UdpEnd } from '../../support/attack/udp-end.ts';
import {
  bridge,
  closeLegs,
  gatewaySideOf,
  openPlainLeg,
  openWebRtcLeg,
  type PortLegEnd,
  type WebRtcLegEnd,
} from '../support/legs.ts';
import { GATEWAY_ADDRESS, MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import { Bystanders } from './support/bystanders.ts';

const STRANGER_ADDRESS = '127.0.0.66';
const START_MS = 30_000;
const TEST_MS = 30_000;
/** Every so often the stranger sends all that it has. */
const VOLLEY_MS = 3;
const PHASE_MS = 700;
const SETTLE_MS = 200;
const STUN_REQUESTS = 5_000;
const STUN_BATCH = 50;

describe('a stranger without a confirmed address', () => {
  let media: MediaProcessUnderTest;
  let bystanders: Bystanders;
  let stranger: UdpEnd;
  let hello: Buffer;
  let browser: WebRtcLegEnd;
  let phone: PortLegEnd;
  let before: MediaCensus;

  const gateway = () => ({ address: GATEWAY_ADDRESS, port: media.webRtcPort });
  const expectNoTrace = async () => {
    await wait(SETTLE_MS);
    expect(stranger.received).toHaveLength(0);
    const after = await media.census();
    for (const count of ['sessions', 'legs', 'portsInUse', 'timers', 'descriptors'] as const) {
      expect({ count, more: Math.max(0, after[count] - before[count]) }).toEqual({
        count,
        more: 0,
      });
    }
  };

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start();
    bystanders = await Bystanders.start(media);
    stranger = await UdpEnd.open(STRANGER_ADDRESS);
    hello = await clientHello();
    browser = await openWebRtcLeg(media);
    phone = await openPlainLeg(media);
    await bridge(media, browser, phone);
    before = await media.census();
  }, START_MS);

  afterAll(async () => {
    browser.close();
    phone.close();
    stranger.close();
    await media.stop();
  }, START_MS);

  test(
    'gets no reply and changes nothing by DTLS before, during and after a handshake',
    async () => {
      let sent = 0;
      const volley = setInterval(() => {
        const replayed = browser.peer.sentDtls.slice(-6);
        const datagrams = [hello, ...alerts(), ...noise(), ...replayed];
        for (const datagram of datagrams) stranger.send(datagram, gateway());
        sent += datagrams.length;
      }, VOLLEY_MS);
      await wait(PHASE_MS);
      browser.peer.connect(gatewaySideOf(browser.local));
      await browser.peer.connected();
      await media.tells(browser.leg, 'leg-connected');
      browser.media.start();
      phone.media.start();
      await wait(PHASE_MS);
      clearInterval(volley);
      expect(sent).toBeGreaterThan(1_000);
      await expectNoTrace();
      expect(media.told(browser.leg, 'leg-failed')).toEqual([]);
      expect(media.told(browser.leg, 'leg-closed-by-peer')).toEqual([]);
    },
    TEST_MS,
  );

  test(
    'ends no association with hellos and alerts in clear, even with the peer’s own address',
    async () => {
      for (let volleys = 0; volleys < 20; volleys += 1) {
        for (const datagram of [hello, ...alerts(), ...noise(), ...browser.peer.sentDtls]) {
          browser.peer.end.send(datagram, gateway());
        }
        await wait(VOLLEY_MS);
      }
      const heardSoFar = phone.media.heardFrom(browser.media);
      await wait(PHASE_MS);
      expect(phone.media.heardFrom(browser.media)).toBeGreaterThan(heardSoFar + 20);
      expect(media.told(browser.leg, 'leg-failed')).toEqual([]);
      expect(media.told(browser.leg, 'leg-closed-by-peer')).toEqual([]);
    },
    TEST_MS,
  );

  test(
    'gets no reply by STUN with wrong integrity, with none, or with a name that nobody has',
    async () => {
      const { ufrag, password } = gatewaySideOf(browser.local);
      const username = `${ufrag}:stranger`;
      const requests = [
        bindingRequest({ username, password: undefined }),
        bindingRequest({ username, password: 'the-wrong-password-of-it' }),
        bindingRequest({ username, password, isDamaged: true }),
        bindingRequest({ username: 'm0nobody:stranger', password }),
        bindingRequest({ username: ':', password }),
      ];
      const namingTheLeg = 3;
      const answersBefore = browser.peer.answersToChecks;
      for (let sent = 0; sent < STUN_REQUESTS; sent += STUN_BATCH) {
        for (let i = 0; i < STUN_BATCH; i += 1) {
          stranger.send(requests[i % requests.length]!, gateway());
        }
        await wait(2);
      }
      await expectNoTrace();
      // They did arrive, and the peer's own checks were answered meanwhile.
      const { refused } = await media.statistics(browser.leg);
      expect(refused['stun.unauthenticated']).toBe(
        (STUN_REQUESTS / requests.length) * namingTheLeg,
      );
      await wait(2_100);
      expect(browser.peer.answersToChecks).toBeGreaterThan(answersBefore);
    },
    TEST_MS,
  );

  test('takes no packet away from the call that was attacked', async () => {
    browser.media.stop();
    phone.media.stop();
    await wait(SETTLE_MS);
    const lost = [
      browser.media.sent - phone.media.heardFrom(browser.media),
      phone.media.sent - browser.media.heardFrom(phone.media),
    ];
    expect(browser.media.sent).toBeGreaterThan(100);
    expect(lost).toEqual([0, 0]);
    await closeLegs(media, browser, phone);
  });

  test('hurts no call of others', async () => {
    expect(await bystanders.stop()).toMatchObject({ hurt: [], failures: 0 });
  });
});
