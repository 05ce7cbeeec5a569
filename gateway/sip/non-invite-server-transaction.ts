/** The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8). */
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { TRANSACTION_TIMEOUT } from './timer-values.ts';
import { isDue, type Step, stay } from './transaction.ts';

export interface NonInviteServerTransaction {
  readonly type: 'non-invite-server';
  readonly state: 'trying' | 'proceeding' | 'completed' | 'terminated';
  readonly reliable: boolean;
  /** Until a final response: when nobody can use one any more. Then timer J. */
  readonly giveUpAt?: Millis | undefined;
}

export type NonInviteServerEvent =
  /** The request again. */
  | { readonly type: 'request' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' };

/**
 * The client's timer F ends what the transaction user never answers, so a transaction left in
 * trying or proceeding ends then too (RFC 4320 §4.1) and the user hears of it.
 */
export function startNonInviteServer(reliable: boolean, now: Millis): NonInviteServerTransaction {
  const giveUpAt = now + TRANSACTION_TIMEOUT;
  return { type: 'non-invite-server', state: 'trying', reliable, giveUpAt };
}

export function stepNonInviteServer(
  transaction: NonInviteServerTransaction,
  event: NonInviteServerEvent,
  now: Millis,
): Step<NonInviteServerTransaction> {
  switch (transaction.state) {
    case 'trying':
    case 'proceeding':
      return whenPending(transaction, event, now);
    case 'completed':
      return whenCompleted(transaction, event, now);
    case 'terminated':
      return stay(transaction);
    default:
      return unreachable(transaction.state);
  }
}

function whenPending(
  transaction: NonInviteServerTransaction,
  event: NonInviteServerEvent,
  now: Millis,
): Step<NonInviteServerTransaction> {
  switch (event.type) {
    case 'request':
      return transaction.state === 'proceeding'
        ? { next: transaction, actions: ['transmit'] }
        : stay(transaction);
    case 'response':
      return { next: answered(transaction, event.status, now), actions: ['transmit'] };
    case 'transport-error':
      return { next: terminated(transaction), actions: ['fail'] };
    case 'clock':
      return isDue(transaction.giveUpAt, now)
        ? { next: terminated(transaction), actions: ['time-out'] }
        : stay(transaction);
    default:
      return unreachable(event);
  }
}

function answered(
  transaction: NonInviteServerTransaction,
  status: number,
  now: Millis,
): NonInviteServerTransaction {
  if (status < 200) return { ...transaction, state: 'proceeding' };
  // Timer J is zero on reliable transports.
  if (transaction.reliable) return terminated(transaction);
  return { ...transaction, state: 'completed', giveUpAt: now + TRANSACTION_TIMEOUT };
}

function whenCompleted(
  transaction: NonInviteServerTransaction,
  event: NonInviteServerEvent,
  now: Millis,
): Step<NonInviteServerTransaction> {
  if (event.type === 'request') return { next: transaction, actions: ['transmit'] };
  if (event.type === 'transport-error') {
    return { next: terminated(transaction), actions: ['fail'] };
  }
  if (event.type === 'clock' && isDue(transaction.giveUpAt, now)) {
    return stay(terminated(transaction));
  }
  return stay(transaction);
}

function terminated(transaction: NonInviteServerTransaction): NonInviteServerTransaction {
  return { ...transaction, state: 'terminated', giveUpAt: undefined };
}
