import { describe, expect, test } from '@jest/globals';
import {
  type InviteServerTransaction,
  startInviteServer,
  stepInviteServer,
} from '../../../../gateway/sip/invite-server-transaction.ts';
import { passTime, timesOf } from './timeline.ts';

const tick = (transaction: InviteServerTransaction, now: number) =>
  stepInviteServer(transaction, { type: 'clock' }, now);
const respond = (transaction: InviteServerTransaction, status: number, now = 100) =>
  stepInviteServer(transaction, { type: 'response', status }, now);
const on = (transaction: InviteServerTransaction, type: 'request' | 'ack', now = 200) =>
  stepInviteServer(transaction, { type }, now);

describe('the INVITE server transaction over UDP', () => {
  test('answers the INVITE again with the last provisional response', () => {
    const ringing = respond(startInviteServer(false), 180).next;
    expect(on(ringing, 'request').actions).toEqual(['transmit']);
  });

  test('timer G doubles up to T2 and timer H ends it: eleven final responses', () => {
    const timeline = passTime(respond(startInviteServer(false), 486, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(timesOf(timeline, 'time-out')).toEqual([32_000]);
  });

  test('an ACK stops timer G, and timer I absorbs further ones for T4', () => {
    const confirmed = on(respond(startInviteServer(false), 486).next, 'ack');
    expect(confirmed.next.state).toBe('confirmed');
    expect(on(confirmed.next, 'ack').actions).toEqual([]);
    expect(on(confirmed.next, 'request').actions).toEqual([]);
    expect(passTime(confirmed, 200, tick).endedAt).toBe(200 + 5000);
  });

  test('after a 2xx the INVITE again is absorbed until timer L (RFC 6026 §8.5)', () => {
    const accepted = respond(startInviteServer(false), 200);
    expect(accepted).toMatchObject({ next: { state: 'accepted' }, actions: ['transmit'] });
    expect(on(accepted.next, 'request').actions).toEqual([]);
    expect(respond(accepted.next, 200).actions).toEqual(['transmit']);
    expect(respond(accepted.next, 486).actions).toEqual([]);
    expect(passTime(accepted, 100, tick).endedAt).toBe(100 + 32_000);
  });
});

describe('the INVITE server transaction over TCP', () => {
  test('sends a final response once, and timer H still runs', () => {
    const timeline = passTime(respond(startInviteServer(true), 486, 0), 0, tick);
    expect(timesOf(timeline, 'transmit')).toEqual([0]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('timer I is zero', () => {
    expect(on(respond(startInviteServer(true), 486).next, 'ack').next.state).toBe('terminated');
  });
});

test('a transport error ends it once the final response was to be sent', () => {
  const failed = { type: 'transport-error' } as const;
  expect(stepInviteServer(startInviteServer(true), failed, 1).next.state).toBe('proceeding');
  const completed = respond(startInviteServer(true), 500).next;
  expect(stepInviteServer(completed, failed, 1)).toMatchObject({
    next: { state: 'terminated' },
    actions: ['fail'],
  });
});
