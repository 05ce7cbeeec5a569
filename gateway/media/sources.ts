/** Joins legs: whose media each one sends, as bridges between m-lines of one kind. */
import type { MediaLegId } from '../media-contract/contract.ts';
import type { MediaEnvironment } from './environment.ts';
import type { MediaLeg } from './media-leg.ts';
import type { MediaLine } from './media-line.ts';
import { Bridge } from './relay/bridge.ts';

/**
 * The bridges of a media process. They are made anew whenever one of their ends is configured or
 * sourced anew; what both ends send keeps its numbering, since that is the m-line's own.
 */
export class Sources {
  readonly #environment: MediaEnvironment;
  readonly #legs: ReadonlyMap<MediaLegId, MediaLeg>;
  /** Legs by the leg that they take their media from. */
  readonly #takers = new Map<MediaLegId, Set<MediaLeg>>();

  constructor(environment: MediaEnvironment, legs: ReadonlyMap<MediaLegId, MediaLeg>) {
    this.#environment = environment;
    this.#legs = legs;
  }

  /** After a leg's own source, or its m-lines, changed. */
  joinAgain(leg: MediaLeg): void {
    this.#join(leg);
    for (const taker of this.#takers.get(leg.id) ?? []) if (taker !== leg) this.#join(taker);
  }

  /** Gives the leg a source; the legs that take from it are not touched. */
  set(leg: MediaLeg, source: MediaLeg['source']): void {
    this.#untake(leg);
    leg.source = source;
    const from = sourceId(leg);
    if (from !== undefined) {
      const takers = this.#takers.get(from) ?? new Set();
      takers.add(leg);
      this.#takers.set(from, takers);
    }
    this.#join(leg);
  }

  /** Before its m-lines change or it closes: nobody takes from it or feeds it for now. */
  part(leg: MediaLeg): void {
    this.#detach(leg);
    for (const taker of this.#takers.get(leg.id) ?? []) this.#detach(taker);
  }

  /** Once it is gone for good. Takers of a leg that has yet to be opened stay noted. */
  forget(leg: MediaLeg): void {
    this.#untake(leg);
    if (this.#takers.get(leg.id)?.size === 0) this.#takers.delete(leg.id);
  }

  #join(leg: MediaLeg): void {
    this.#detach(leg);
    const from = this.#legs.get(sourceId(leg) ?? '');
    if (from === undefined) return;
    for (const [to, counterpart] of pairLines(from.lines, leg.lines)) {
      counterpart.media.attach(new Bridge(this.#environment, counterpart.media, to.media));
      to.media.upstream = counterpart.reports;
    }
  }

  /** Takes away every bridge that feeds `leg`. */
  #detach(leg: MediaLeg): void {
    for (const { media } of leg.lines) media.upstream = undefined;
    for (const from of this.#feeders(leg)) {
      for (const { media } of from.lines) {
        for (const bridge of media.bridges) {
          if (bridge.towards !== leg) continue;
          media.detach(bridge);
          bridge.close();
        }
      }
    }
  }

  #feeders(leg: MediaLeg): readonly MediaLeg[] {
    const from = this.#legs.get(sourceId(leg) ?? '');
    return from === undefined ? [] : [from];
  }

  #untake(leg: MediaLeg): void {
    this.#detach(leg);
    const from = sourceId(leg);
    if (from === undefined) return;
    const takers = this.#takers.get(from);
    takers?.delete(leg);
    if (takers?.size === 0) this.#takers.delete(from);
  }
}

function sourceId(leg: MediaLeg): MediaLegId | undefined {
  switch (leg.source.kind) {
    case 'leg':
      return leg.source.leg;
    case 'echo':
      return leg.id;
    default:
      return undefined;
  }
}

/** The first audio with the first audio, the second with the second, and so for video. */
function pairLines(
  from: readonly MediaLine[],
  to: readonly MediaLine[],
): readonly (readonly [to: MediaLine, from: MediaLine])[] {
  const pairs: [MediaLine, MediaLine][] = [];
  for (const kind of ['audio', 'video'] as const) {
    const givers = from.filter(({ media }) => media.plan.kind === kind);
    const takers = to.filter(({ media }) => media.plan.kind === kind);
    for (const [index, taker] of takers.entries()) {
      const giver = givers[index];
      if (giver !== undefined) pairs.push([taker, giver]);
    }
  }
  return pairs;
}
