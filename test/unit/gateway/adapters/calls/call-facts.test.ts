/** What a client may know of its own call. */
import { describe, expect, test } from '@jest/globals';
import { factsOfCall } from '../../../../../gateway/adapters/calls/call-facts.ts';
import type { LegStatistics } from '../../../../../gateway/media-contract/contract.ts';
import { answeredCall } from '../../../../support/call/call-bench.ts';

function statistics(codec: string, lost: number, roundTripMs?: number): LegStatistics {
  const stream = { mid: '0', kind: 'audio', ssrc: 1, bytes: 9, jitterMs: 2 } as const;
  const flow = { ...stream, codec, packets: 100, lost, roundTripMs };
  return { received: [flow], sent: [{ ...flow, lost: 0 }], refused: {} };
}

describe('the facts of a call', () => {
  test('are those of both legs, the asking one marked', () => {
    const bench = answeredCall();
    const [call] = bench.machine.calls();
    const known = new Map([
      ['caller', statistics('opus', 3, 40)],
      [bench.callee(), statistics('pcmu', 1)],
    ]);
    expect(factsOfCall(call!, 'caller', known)).toEqual({
      state: 'answered',
      legs: [
        {
          party: 'sip:alice@127.0.0.1',
          own: true,
          keying: 'dtls',
          keyExposed: false,
          sent: { codec: 'opus', packets: 100, lost: 0, jitterMs: 2 },
          received: { codec: 'opus', packets: 100, lost: 3, jitterMs: 2 },
          roundTripMs: 40,
        },
        {
          party: 'sip:bob@127.0.0.1:5070',
          own: false,
          keying: 'none',
          keyExposed: false,
          sent: { codec: 'pcmu', packets: 100, lost: 0, jitterMs: 2 },
          received: { codec: 'pcmu', packets: 100, lost: 1, jitterMs: 2 },
          roundTripMs: undefined,
        },
      ],
    });
  });

  test('leave out what media did not tell', () => {
    const [call] = answeredCall().machine.calls();
    const { legs } = factsOfCall(call!, 'caller', new Map());
    expect(legs[0]).toMatchObject({ sent: undefined, received: undefined });
  });
});
