/**
 * Peers with valid ICE that forge DTLS: nothing of a call becomes theirs (RFC 5763 §5, RFC 5764).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MediaCensus } from '../../../gateway/media-contract/contract.ts';
import {
  FORGERIES_OF_CLIENTS,
  FORGERIES_OF_SERVERS,
  type Forgery,
} from '../../support/attack/dtls-peer.ts';
import { type LegEnd, openPlainLeg } from '../support/legs.ts';
import { MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import { Bystanders } from './support/bystanders.ts';
import { forgeCall } from './support/forged-call.ts';

const START_MS = 30_000;
const CALL_MS = 20_000;

/** What signalling hears of each, and why. A handshake can be whole and yet be somebody else's. */
const REFUSALS: { readonly [forgery in Forgery]?: { failure: string; detail: string } } = {
  'foreign-key': { failure: 'dtls-failed', detail: 'provider signature failure' },
  'bad-finished': { failure: 'dtls-failed', detail: 'digest check failed' },
  'no-certificate': { failure: 'dtls-failed', detail: 'unexpected message' },
  'unannounced-certificate': {
    failure: 'fingerprint-mismatch',
    detail: 'not the certificate promised',
  },
  'weak-promise': { failure: 'fingerprint-mismatch', detail: 'not the certificate promised' },
};

describe('a peer with valid ICE that forges DTLS', () => {
  let media: MediaProcessUnderTest;
  let bystanders: Bystanders;
  let victim: LegEnd;
  let before: MediaCensus;

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start();
    bystanders = await Bystanders.start(media);
    victim = await openPlainLeg(media);
    before = await media.census();
  }, START_MS);

  afterAll(async () => {
    victim.close();
    await media.stop();
  }, START_MS);

  const clients = FORGERIES_OF_CLIENTS.map((forgery) => [forgery, 'server'] as const);
  const servers = FORGERIES_OF_SERVERS.map((forgery) => [forgery, 'client'] as const);

  test.each([...clients, ...servers])(
    'by %s, the gateway being the %s, neither connects nor hears nor is heard',
    async (forgery, gatewayRole) => {
      const { answersToChecks, sent, ...loot } = await forgeCall(media, victim, {
        forgery,
        gatewayRole,
      });
      expect(answersToChecks).toBeGreaterThan(0);
      // A server has no keys before the client has believed it.
      const wasBelieved = gatewayRole === 'server' || forgery !== 'foreign-key';
      expect(sent > 0).toBe(wasBelieved);
      expect(loot).toEqual({ connected: 0, ...REFUSALS[forgery], received: 0, relayed: 0 });
    },
    CALL_MS,
  );

  test('an honest peer connects in either role, so that the forgeries are what is refused', async () => {
    for (const gatewayRole of ['server', 'client'] as const) {
      await bystanders.callBesides(gatewayRole);
    }
  });

  test('leaves no session, leg or timer behind', async () => {
    const after = await media.census();
    for (const count of ['sessions', 'legs', 'portsInUse', 'timers', 'descriptors'] as const) {
      expect({ count, left: Math.max(0, after[count] - before[count]) }).toEqual({
        count,
        left: 0,
      });
    }
  });

  test('hurts no call of others', async () => {
    expect(await bystanders.stop()).toMatchObject({ hurt: [], failures: 0 });
  });
});
