/** The values of a call: finding legs, what is in force, and the next deadline. */
import { describe, expect, test } from '@jest/globals';
import {
  type Call,
  callDeadline,
  legOf,
  legsOf,
  negotiationInForce,
  oppositeOf,
} from '../../../../gateway/call/call.ts';
import { answeredCall } from '../../../support/call/call-bench.ts';

function answered(): Call {
  const [call] = answeredCall().machine.snapshot().calls;
  return call!;
}

describe('a call', () => {
  test('has its caller first among its legs and finds each by its id', () => {
    const call = answered();
    expect(legsOf(call).map(({ role }) => role)).toEqual(['caller', 'callee']);
    for (const leg of legsOf(call)) expect(legOf(call, leg.id)).toBe(leg);
    expect(legOf(call, 'stranger')).toBeUndefined();
  });

  test('has the caller opposite to each callee, and the callee that is heard to the caller', () => {
    const call = answered();
    const [callee] = call.callees;
    expect(oppositeOf(call, callee!)).toBe(call.caller);
    expect(oppositeOf(call, call.caller)).toBe(callee);
    expect(oppositeOf({ ...call, heard: undefined }, call.caller)).toBeUndefined();
  });

  test('is due at the earliest of its deadlines', () => {
    const call = answered();
    expect(callDeadline(call)).toBeUndefined();
    call.answerBy = 30;
    call.closeBy = 20;
    expect(callDeadline(call)).toBe(20);
    call.caller.offerAgainAt = 10;
    expect(callDeadline(call)).toBe(10);
    call.application = { name: 'echo', state: null, deadline: 5 };
    expect(callDeadline(call)).toBe(5);
  });

  test('hears an early fork by that fork’s own agreement', () => {
    const [callee] = answered().callees;
    const negotiation = { ...callee!.negotiation!, sessionId: '7' };
    const early = { ...callee!, forks: { a: { answer: '', negotiation } } };
    expect(negotiationInForce(early)).toBe(callee!.negotiation);
    expect(negotiationInForce({ ...early, fork: 'a' })).toBe(negotiation);
  });
});
