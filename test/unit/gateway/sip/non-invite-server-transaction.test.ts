import { describe, expect, test } from '@jest/globals';
import {
  type NonInviteServerTransaction,
  startNonInviteServer,
  stepNonInviteServer,
} from '../../../../gateway/sip/non-invite-server-transaction.ts';
import { passTime, timesOf } from './timeline.ts';

const tick = (transaction: NonInviteServerTransaction, now: number) =>
  stepNonInviteServer(transaction, { type: 'clock' }, now);
const respond = (transaction: NonInviteServerTransaction, status: number, now = 100) =>
  stepNonInviteServer(transaction, { type: 'response', status }, now);
const again = (transaction: NonInviteServerTransaction) =>
  stepNonInviteServer(transaction, { type: 'request' }, 200);

describe('the non-INVITE server transaction', () => {
  test('ignores the request again until it has something to say, then repeats it', () => {
    const trying = startNonInviteServer(false, 0);
    expect(again(trying).actions).toEqual([]);
    const proceeding = respond(trying, 100).next;
    expect(again(proceeding).actions).toEqual(['transmit']);
    const completed = respond(proceeding, 200).next;
    expect(again(completed).actions).toEqual(['transmit']);
    expect(respond(completed, 500).actions).toEqual([]);
  });

  test('timer J is 64*T1 over UDP and zero over TCP', () => {
    const step = respond(startNonInviteServer(false, 0), 200);
    expect(passTime(step, 100, tick).endedAt).toBe(100 + 32_000);
    expect(respond(startNonInviteServer(true, 0), 200).next.state).toBe('terminated');
  });

  test('never answered, it ends when the client has given up', () => {
    const step = { next: startNonInviteServer(false, 0), actions: [] };
    const timeline = passTime(step, 0, tick);
    expect(timesOf(timeline, 'time-out')).toEqual([32_000]);
    expect(timeline.endedAt).toBe(32_000);
  });

  test('a transport error ends it', () => {
    for (const transaction of [
      startNonInviteServer(false, 0),
      respond(startNonInviteServer(false, 0), 200).next,
    ]) {
      expect(stepNonInviteServer(transaction, { type: 'transport-error' }, 1)).toMatchObject({
        next: { state: 'terminated' },
        actions: ['fail'],
      });
    }
  });
});
