/** Every move of the phone's call from every state. */
import { describe, expect, test } from '@jest/globals';
import { type CallMove, type CallState, step } from '../../../../admin-ui/phone/call-state.ts';

const IDLE: CallState = { kind: 'idle' };
const PREPARING: CallState = { kind: 'preparing', party: 'bob' };
const CALLING: CallState = { kind: 'calling', party: 'bob', ringing: false };
const INCOMING: CallState = { kind: 'incoming', party: 'bob', name: 'Bob' };
const UP: CallState = {
  kind: 'up',
  party: 'bob',
  sinceMs: 1,
  connected: false,
  muted: false,
  held: false,
};
const STATES = [IDLE, PREPARING, CALLING, INCOMING, UP];

const ANSWERED: CallState = { ...UP, sinceMs: 5, connected: true };
const ENDED: CallState = { kind: 'idle', note: 'The call has ended.', problem: undefined };

/** Each move, with the states that it changes and what they become. */
const MOVES: readonly (readonly [CallMove, readonly (readonly [CallState, CallState])[]])[] = [
  [
    { type: 'prepare', party: 'carol' },
    [
      [IDLE, { kind: 'preparing', party: 'carol' }],
      [INCOMING, { kind: 'preparing', party: 'carol' }],
    ],
  ],
  [{ type: 'call' }, [[PREPARING, CALLING]]],
  [{ type: 'ring' }, [[CALLING, { ...CALLING, ringing: true }]]],
  [{ type: 'incoming', party: 'bob', name: 'Bob' }, [[IDLE, INCOMING]]],
  [
    { type: 'answer', nowMs: 5, connected: true },
    [
      [PREPARING, ANSWERED],
      [CALLING, ANSWERED],
      [INCOMING, ANSWERED],
    ],
  ],
  [{ type: 'connect', connected: true }, [[UP, { ...UP, connected: true }]]],
  [{ type: 'mute', muted: true }, [[UP, { ...UP, muted: true }]]],
  [{ type: 'hold', held: true }, [[UP, { ...UP, held: true }]]],
  [
    { type: 'end', note: 'The call has ended.' },
    [
      [PREPARING, ENDED],
      [CALLING, ENDED],
      [INCOMING, ENDED],
      [UP, ENDED],
    ],
  ],
];

describe('the state of the call', () => {
  test.each(MOVES)('%j changes those states that it means something to', (move, changes) => {
    for (const state of STATES) {
      const [, expected] = changes.find(([from]) => from === state) ?? [state, state];
      expect(step(state, move)).toEqual(expected);
    }
  });

  test('keeps the first reason for which the call ended', () => {
    const ended = step(UP, { type: 'end', problem: 'The line is busy.' });
    expect(step(ended, { type: 'end', note: 'The call has ended.' })).toBe(ended);
  });
});
