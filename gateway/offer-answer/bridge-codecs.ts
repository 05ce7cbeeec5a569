/** Which codec each leg of a bridge sends: the same where possible, else the least lossy pair. */
import { fail, type Result, succeed } from '../core/result.ts';
import { codecKey, isAuxiliary } from './codec-match.ts';
import type { AgreedMedia, Codec } from './description.ts';

/** What choosing needs to know of a leg. */
export type BridgedLeg = Pick<AgreedMedia, 'sendCodecs' | 'receiveCodecs'>;

/** One direction: what arrives on one leg and what is sent on the other. */
export interface CodecRoute {
  /** With our payload type. */
  readonly from: Codec;
  /** With the far peer's payload type. */
  readonly to: Codec;
  readonly relayed: boolean;
}

export interface BridgeCodecs {
  readonly aToB: CodecRoute;
  readonly bToA: CodecRoute;
}

/**
 * The audio band that a codec keeps. The narrower one of a pair is what the listener hears; within
 * their bands these codecs are nearly transparent, so the band decides.
 */
const BANDWIDTH_HZ: { readonly [codec: string]: number } = {
  opus: 20_000,
  g722: 7000,
  pcmu: 3400,
  pcma: 3400,
};

/**
 * Prefers, in this order: no transcoding; the wider of the bandwidths that both legs keep; the
 * cheaper pair, waveform codecs before Opus; the order that the legs agreed on.
 */
export function chooseBridgeCodecs(
  a: BridgedLeg,
  b: BridgedLeg,
  canTranscode: (from: string, to: string) => boolean,
): Result<BridgeCodecs> {
  const pairs = primary(a).flatMap((ours, rankA) =>
    primary(b).map((theirs, rankB) => ({ ours, theirs, rank: rankA + rankB })),
  );
  const usable = pairs.filter(
    ({ ours, theirs }) =>
      isSame(ours, theirs) ||
      (canTranscode(ours.name, theirs.name) && canTranscode(theirs.name, ours.name)),
  );
  const [best] = usable.sort(
    (x, y) =>
      Number(isSame(y.ours, y.theirs)) - Number(isSame(x.ours, x.theirs)) ||
      keptBandwidth(y) - keptBandwidth(x) ||
      opusCount(x) - opusCount(y) ||
      x.rank - y.rank,
  );
  if (best === undefined) return fail('bridge.no_common_codec', describe(a, b));
  return succeed({
    aToB: route(a, best.ours, best.theirs),
    bToA: route(b, best.theirs, best.ours),
  });
}

interface Pair {
  readonly ours: Codec;
  readonly theirs: Codec;
}

function primary(leg: BridgedLeg): Codec[] {
  return leg.sendCodecs.filter((codec) => !isAuxiliary(codec));
}

function isSame(one: Codec, other: Codec): boolean {
  return codecKey(one) === codecKey(other);
}

function keptBandwidth({ ours, theirs }: Pair): number {
  return Math.min(BANDWIDTH_HZ[ours.name] ?? 0, BANDWIDTH_HZ[theirs.name] ?? 0);
}

function opusCount({ ours, theirs }: Pair): number {
  return [ours, theirs].filter(({ name }) => name === 'opus').length;
}

/** The peer of `leg` is expected to send what we send it: agreed lists pair up by codec. */
function route(leg: BridgedLeg, arriving: Codec, to: Codec): CodecRoute {
  const from = leg.receiveCodecs.find((codec) => isSame(codec, arriving)) ?? arriving;
  return { from, to, relayed: isSame(from, to) };
}

function describe(a: BridgedLeg, b: BridgedLeg): string {
  const names = (leg: BridgedLeg) => primary(leg).map(({ name }) => name);
  return `${names(a).join(',')} and ${names(b).join(',')}`;
}
