import { describe, expect, test } from '@jest/globals';
import {
  type NonInviteClientTransaction,
  startNonInviteClient,
  stepNonInviteClient,
} from '../../../../gateway/sip/non-invite-client-transaction.ts';
import { passTime, timesOf } from './timeline.ts';

const tick = (transaction: NonInviteClientTransaction, now: number) =>
  stepNonInviteClient(transaction, { type: 'clock' }, now);
const answer = (transaction: NonInviteClientTransaction, status: number, now = 100) =>
  stepNonInviteClient(transaction, { type: 'response', status }, now);

describe('the non-INVITE client transaction over UDP', () => {
  test('timer E doubles up to T2 and timer F ends it: eleven transmissions', () => {
    const timeline = passTime(startNonInviteClient(false, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(timesOf(timeline, 'time-out')).toEqual([32_000]);
  });

  test('after a provisional response timer E turns at T2', () => {
    const step = answer(startNonInviteClient(false, 0).next, 100);
    const timeline = passTime(step, 100, tick);
    expect(timesOf(timeline, 'transmit').slice(0, 3)).toEqual([500, 4500, 8500]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('a final response is delivered once, and timer K absorbs the rest for T4', () => {
    const step = answer(startNonInviteClient(false, 0).next, 200);
    expect(step).toMatchObject({ next: { state: 'completed' }, actions: ['deliver'] });
    expect(answer(step.next, 200).actions).toEqual([]);
    expect(passTime(step, 100, tick).endedAt).toBe(100 + 5000);
  });
});

describe('the non-INVITE client transaction over TCP', () => {
  test('is sent once, and timer F still runs', () => {
    const timeline = passTime(startNonInviteClient(true, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([0]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('timer K is zero', () => {
    expect(answer(startNonInviteClient(true, 0).next, 404).next.state).toBe('terminated');
  });
});

test('a transport error ends it', () => {
  const step = stepNonInviteClient(
    startNonInviteClient(false, 0).next,
    { type: 'transport-error' },
    1,
  );
  expect(step).toMatchObject({ next: { state: 'terminated' }, actions: ['fail'] });
});
