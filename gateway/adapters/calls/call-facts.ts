/** What a client may know of its own call: both legs' codecs, loss, jitter and round trip. */
import type { CallSummary, LegSummary } from '../../call/call-record.ts';
import type { LegId } from '../../call/leg-contract.ts';
import type { LegStatistics, StreamStatistics } from '../../media-contract/contract.ts';

export interface FlowFacts {
  readonly codec: string;
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
}

export interface LegFacts {
  readonly party: string;
  readonly own: boolean;
  readonly keying: string;
  readonly keyExposed: boolean;
  readonly sent?: FlowFacts;
  readonly received?: FlowFacts;
  readonly roundTripMs?: number;
}

/** `statistics` are those of the call's legs, where media gave any. */
export function factsOfCall(
  call: CallSummary,
  asking: LegId,
  statistics: ReadonlyMap<LegId, LegStatistics>,
): { readonly state: string; readonly legs: readonly LegFacts[] } {
  const legs = call.legs.map((leg) => factsOfLeg(leg, asking, statistics.get(leg.leg)));
  return { state: call.state, legs };
}

function factsOfLeg(
  leg: LegSummary,
  asking: LegId,
  statistics: LegStatistics | undefined,
): LegFacts {
  const sent = audioOf(statistics?.sent);
  const received = audioOf(statistics?.received);
  return {
    party: leg.party,
    own: leg.leg === asking,
    keying: leg.transport.keying,
    keyExposed: leg.keyExposed,
    sent: flowOf(sent),
    received: flowOf(received),
    roundTripMs: sent?.roundTripMs ?? received?.roundTripMs,
  };
}

function audioOf(streams: readonly StreamStatistics[] | undefined): StreamStatistics | undefined {
  return streams?.find(({ kind }) => kind === 'audio');
}

function flowOf(stream: StreamStatistics | undefined): FlowFacts | undefined {
  if (stream === undefined) return undefined;
  const { codec, packets, lost, jitterMs } = stream;
  return { codec, packets, lost, jitterMs };
}
