/** One call of a peer that passes ICE and forges DTLS, and what it got out of it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { LegFailure } from '../../../../gateway/media-contract/contract.ts';
import type { Forgery } from '../../../support/attack/dtls-peer.ts';
import {
  bridge,
  closeLegs,
  gatewaySideOf,
  type LegEnd,
  openWebRtcLeg,
} from '../../support/legs.ts';
import type { MediaProcessUnderTest } from '../../support/media-process-under-test.ts';

export interface ForgedCall {
  readonly forgery: Forgery;
  /** Of the gateway in the handshake. */
  readonly gatewayRole: 'client' | 'server';
}

export interface Loot {
  /** Whether ICE went through: only then has DTLS been tried at all. */
  readonly answersToChecks: number;
  readonly connected: number;
  readonly failure: LegFailure;
  /** In the words of whoever refused the forger. */
  readonly detail: string;
  /** Packets under the keys that it had worked out. */
  readonly sent: number;
  /** SRTP that the gateway sent to the forger. */
  readonly received: number;
  /** The forger's SRTP that reached the far side. */
  readonly relayed: number;
}

/** How long the forger goes on talking after its leg has failed. */
const PERSISTENCE_MS = 150;
const TALK_MS = 20;

/** The victim on the far side talks all the while, so that there would be something to overhear. */
export async function forgeCall(
  media: MediaProcessUnderTest,
  victim: LegEnd,
  { forgery, gatewayRole }: ForgedCall,
): Promise<Loot> {
  const forger = await openWebRtcLeg(media, { forgery, gatewayRole });
  await bridge(media, forger, victim);
  victim.media.start();
  const talk = setInterval(() => {
    const keys = forger.peer.dtls.keysSoFar();
    if (keys === undefined) return;
    if (!forger.media.hasKeys) forger.media.useKeys(keys);
    forger.media.sendOne();
  }, TALK_MS);
  forger.peer.connect(gatewaySideOf(forger.local));
  const { failure, detail } = await media.tells(forger.leg, 'leg-failed');
  await wait(PERSISTENCE_MS);
  clearInterval(talk);
  const loot = {
    answersToChecks: forger.peer.answersToChecks,
    connected: media.told(forger.leg, 'leg-connected').length,
    failure,
    detail,
    sent: forger.media.sent,
    received: forger.media.arrived,
    relayed: victim.media.heardFrom(forger.media),
  };
  victim.media.stop();
  await closeLegs(media, forger);
  return loot;
}
