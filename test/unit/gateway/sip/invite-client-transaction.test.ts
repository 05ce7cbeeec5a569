import { describe, expect, test } from '@jest/globals';
import {
  type InviteClientEvent,
  type InviteClientTransaction,
  startInviteClient,
  stepInviteClient,
} from '../../../../gateway/sip/invite-client-transaction.ts';
import { passTime, timesOf } from './timeline.ts';

const tick = (transaction: InviteClientTransaction, now: number) =>
  stepInviteClient(transaction, { type: 'clock' }, now);
const answer = (transaction: InviteClientTransaction, status: number, now = 100) =>
  stepInviteClient(transaction, { type: 'response', status }, now);

describe('the INVITE client transaction over UDP', () => {
  test('timer A doubles from T1 and timer B ends it after 64*T1', () => {
    const timeline = passTime(startInviteClient(false, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(timesOf(timeline, 'time-out')).toEqual([32_000]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('a provisional response stops timers A and B for good', () => {
    const step = answer(startInviteClient(false, 0).next, 180);
    expect(step).toMatchObject({ next: { state: 'proceeding' }, actions: ['deliver'] });
    expect(passTime(step, 100, tick).endedAt).toBeUndefined();
  });

  test('a final non-2xx is acknowledged, each time it comes, until timer D', () => {
    const step = answer(startInviteClient(false, 0).next, 486);
    expect(step).toMatchObject({
      next: { state: 'completed' },
      actions: ['acknowledge', 'deliver'],
    });
    expect(answer(step.next, 486).actions).toEqual(['acknowledge']);
    expect(answer(step.next, 200).actions).toEqual([]);
    expect(passTime(step, 100, tick).endedAt).toBe(100 + 32_001);
  });

  test('every 2xx is delivered until timer M (RFC 6026 §8.4)', () => {
    const step = answer(startInviteClient(false, 0).next, 200);
    expect(step).toMatchObject({ next: { state: 'accepted' }, actions: ['deliver'] });
    expect(answer(step.next, 200).actions).toEqual(['deliver']);
    expect(answer(step.next, 486).actions).toEqual([]);
    expect(passTime(step, 100, tick).endedAt).toBe(100 + 32_000);
  });

  test('abandoned, it is sent no more and still ends by timer B', () => {
    const step = stepInviteClient(startInviteClient(false, 0).next, { type: 'abandon' }, 100);
    const timeline = passTime(step, 100, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([]);
    expect(timeline.endedAt).toBe(32_000);
  });
});

describe('the INVITE client transaction over TCP', () => {
  test('is sent once, and timer B still runs', () => {
    const timeline = passTime(startInviteClient(true, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([0]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('timer D is zero', () => {
    const step = answer(startInviteClient(true, 0).next, 486);
    expect(step).toMatchObject({
      next: { state: 'terminated' },
      actions: ['acknowledge', 'deliver'],
    });
  });

  test('timer M is 64*T1 all the same', () => {
    const step = answer(startInviteClient(true, 0).next, 200);
    expect(passTime(step, 100, tick).endedAt).toBe(100 + 32_000);
  });
});

test('a transport error ends it wherever a message is still to come', () => {
  const failed: InviteClientEvent = { type: 'transport-error' };
  const calling = startInviteClient(false, 0).next;
  for (const transaction of [calling, answer(calling, 180).next, answer(calling, 486).next]) {
    expect(stepInviteClient(transaction, failed, 200)).toMatchObject({
      next: { state: 'terminated' },
      actions: ['fail'],
    });
  }
});
