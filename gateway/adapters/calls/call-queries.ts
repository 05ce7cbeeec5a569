/** Answers questions about calls: those that live, those that lived lately, and their media. */
import type { CallQueries } from '../../admin/ports.ts';
import type { CallRecord, CallSummary } from '../../call/call-record.ts';
import type { LegId } from '../../call/leg-contract.ts';
import type { Switchboard } from '../../call/switchboard.ts';
import type { LegStatistics } from '../../media-contract/contract.ts';
import type { CallTraces } from '../../ops/trace/call-traces.ts';
import { factsOfCall } from './call-facts.ts';
import type { MediaLinks } from './media-links.ts';

export function callQueries(board: Switchboard, traces: CallTraces): CallQueries {
  const list = (): (CallSummary | CallRecord)[] => [...board.calls().reverse(), ...traces.ended()];
  return {
    list,
    find: (call) => list().find((each) => each.call === call),
    trace: (call) => traces.text(call),
  };
}

/** What a client may know of the call that its leg is in. */
export async function callFactsOf(
  board: Switchboard,
  links: MediaLinks,
  leg: LegId,
): Promise<object> {
  const call = board.calls().find(({ legs }) => legs.some((each) => each.leg === leg));
  if (call?.process === undefined) return {};
  const { process } = call;
  const statistics = new Map<LegId, LegStatistics>();
  await Promise.all(
    call.legs.map(async (each) => {
      const reply = await links.execute(process, { op: 'statistics', leg: each.leg });
      if (reply.op === 'statistics') statistics.set(each.leg, reply.statistics);
    }),
  );
  return factsOfCall(call, leg, statistics);
}
