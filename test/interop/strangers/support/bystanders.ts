/** Calls that have nothing to do with an attack, and must not notice it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { NumberedMedia } from '../../../support/attack/numbered-media.ts';
import {
  bridge,
  closeLegs,
  connectWebRtcLeg,
  type LegEnd,
  openPlainLeg,
  openSdesLeg,
  openWebRtcLeg,
} from '../../support/legs.ts';
import type { MediaProcessUnderTest } from '../../support/media-process-under-test.ts';

/** What is on its way when the senders stop. */
const SETTLE_MS = 300;

/** A call that loses more than this is hurt. */
const MOST_LOSS = 0.005;

export interface Flow {
  readonly name: string;
  readonly sent: number;
  readonly lost: number;
}

export interface BystandersEnd {
  readonly flows: readonly Flow[];
  /** Those that lost packets, or never had any. */
  readonly hurt: readonly Flow[];
  /** Legs that failed, closed or were interrupted. */
  readonly failures: number;
}

export class Bystanders {
  readonly #media: MediaProcessUnderTest;
  readonly #calls: readonly (readonly [string, LegEnd, LegEnd])[];

  private constructor(
    media: MediaProcessUnderTest,
    calls: readonly (readonly [string, LegEnd, LegEnd])[],
  ) {
    this.#media = media;
    this.#calls = calls;
  }

  /** WebRTC with plain RTP, SDES with plain RTP; both talking. */
  static async start(media: MediaProcessUnderTest): Promise<Bystanders> {
    const browser = await openWebRtcLeg(media);
    await connectWebRtcLeg(media, browser);
    const sdes = await openSdesLeg(media);
    const calls = [
      ['webrtc with rtp', browser, await openPlainLeg(media)],
      ['sdes with rtp', sdes, await openPlainLeg(media)],
    ] as const;
    for (const [, a, b] of calls) {
      await bridge(media, a, b);
      a.media.start();
      b.media.start();
    }
    return new Bystanders(media, calls);
  }

  /** One more call, by a peer like any other; it is there once both sides are connected. */
  async callBesides(gatewayRole: 'client' | 'server'): Promise<void> {
    const browser = await openWebRtcLeg(this.#media, { gatewayRole });
    await connectWebRtcLeg(this.#media, browser);
    await closeLegs(this.#media, browser);
  }

  /** Ends the calls and tells what became of every packet, and which flows were hurt. */
  async stop(): Promise<BystandersEnd> {
    for (const [, a, b] of this.#calls) {
      a.media.stop();
      b.media.stop();
    }
    await wait(SETTLE_MS);
    const flows = this.#calls.flatMap(([name, a, b]) => [
      flow(`${name}, there`, a.media, b.media),
      flow(`${name}, back`, b.media, a.media),
    ]);
    const legs = this.#calls.flatMap(([, a, b]) => [a.leg, b.leg]);
    const failures = this.#media.events.filter(
      ({ leg, type }) =>
        legs.includes(leg) &&
        ['leg-failed', 'leg-closed-by-peer', 'leg-interrupted'].includes(type),
    ).length;
    for (const [, a, b] of this.#calls) await closeLegs(this.#media, a, b);
    const hurt = flows.filter(({ sent, lost }) => sent === 0 || lost / sent > MOST_LOSS);
    return { flows, hurt, failures };
  }
}

function flow(name: string, from: NumberedMedia, to: NumberedMedia): Flow {
  return { name, sent: from.sent, lost: from.sent - to.heardFrom(from) };
}
