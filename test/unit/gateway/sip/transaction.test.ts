import { expect, test } from '@jest/globals';
import {
  isDue,
  retransmission,
  stay,
  transactionDeadline,
} from '../../../../gateway/sip/transaction.ts';

test('the next deadline is the earlier of resending and giving up', () => {
  expect(transactionDeadline({ resend: retransmission(10, 500), giveUpAt: 400 })).toBe(400);
  expect(transactionDeadline({ resend: retransmission(10, 500) })).toBe(510);
  expect(transactionDeadline({})).toBeUndefined();
});

test('an instant is due from then on, and none never is', () => {
  expect([isDue(5, 4), isDue(5, 5), isDue(undefined, 9)]).toEqual([false, true, false]);
  expect(stay('state')).toEqual({ next: 'state', actions: [] });
});
