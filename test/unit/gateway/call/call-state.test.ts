/** The table of a call's states: every move, possible or not. */
import { describe, expect, test } from '@jest/globals';
import {
  type CallMove,
  type CallState,
  nextCallState,
} from '../../../../gateway/call/call-state.ts';

const MOVES: readonly CallMove[] = ['rang', 'progressed', 'answered', 'ending', 'closed'];
const NEVER = undefined;

/** One row a state, one column a move, in the order of `MOVES`. */
const TABLE: readonly (readonly [CallState, ...(CallState | undefined)[]])[] = [
  ['setting-up', 'ringing', 'early', 'answered', 'ending', NEVER],
  ['ringing', 'ringing', 'early', 'answered', 'ending', NEVER],
  ['early', 'early', 'early', 'answered', 'ending', NEVER],
  ['answered', NEVER, NEVER, NEVER, 'ending', NEVER],
  ['ending', NEVER, NEVER, NEVER, NEVER, 'ended'],
  ['ended', NEVER, NEVER, NEVER, NEVER, NEVER],
];

describe('a call', () => {
  const rows = TABLE.flatMap(([state, ...after]) =>
    MOVES.map((move, column) => [state, move, after[column]] as const),
  );

  test.each(rows)('that is %s and has %s becomes %s', (state, move, next) => {
    expect(nextCallState(state, move)).toBe(next);
  });
});
