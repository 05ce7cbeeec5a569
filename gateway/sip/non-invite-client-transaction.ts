/** The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6). */
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { T1, T2, T4, TRANSACTION_TIMEOUT } from './timer-values.ts';
import { isDue, type Retransmission, retransmission, type Step, stay } from './transaction.ts';

export interface NonInviteClientTransaction {
  readonly type: 'non-invite-client';
  readonly state: 'trying' | 'proceeding' | 'completed' | 'terminated';
  readonly reliable: boolean;
  /** Timer E. */
  readonly resend?: Retransmission | undefined;
  /** Timer F, then K in completed. */
  readonly giveUpAt?: Millis | undefined;
}

export type NonInviteClientEvent =
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' };

export function startNonInviteClient(
  reliable: boolean,
  now: Millis,
): Step<NonInviteClientTransaction> {
  const next: NonInviteClientTransaction = {
    type: 'non-invite-client',
    state: 'trying',
    reliable,
    resend: reliable ? undefined : retransmission(now, T1),
    giveUpAt: now + TRANSACTION_TIMEOUT,
  };
  return { next, actions: ['transmit'] };
}

export function stepNonInviteClient(
  transaction: NonInviteClientTransaction,
  event: NonInviteClientEvent,
  now: Millis,
): Step<NonInviteClientTransaction> {
  switch (transaction.state) {
    case 'trying':
    case 'proceeding':
      return whenPending(transaction, event, now);
    case 'completed':
      return event.type === 'clock' && isDue(transaction.giveUpAt, now)
        ? stay(terminated(transaction))
        : stay(transaction);
    case 'terminated':
      return stay(transaction);
    default:
      return unreachable(transaction.state);
  }
}

function whenPending(
  transaction: NonInviteClientTransaction,
  event: NonInviteClientEvent,
  now: Millis,
): Step<NonInviteClientTransaction> {
  switch (event.type) {
    case 'response':
      return whenAnswered(transaction, event.status, now);
    case 'transport-error':
      return { next: terminated(transaction), actions: ['fail'] };
    case 'clock':
      return whenPendingClock(transaction, now);
    default:
      return unreachable(event);
  }
}

function whenAnswered(
  transaction: NonInviteClientTransaction,
  status: number,
  now: Millis,
): Step<NonInviteClientTransaction> {
  // Timer E keeps running on its present interval; its next turn is T2 (§17.1.2.2).
  if (status < 200) return { next: { ...transaction, state: 'proceeding' }, actions: ['deliver'] };
  if (transaction.reliable) return { next: terminated(transaction), actions: ['deliver'] };
  const next: NonInviteClientTransaction = {
    ...transaction,
    state: 'completed',
    resend: undefined,
    giveUpAt: now + T4,
  };
  return { next, actions: ['deliver'] };
}

function whenPendingClock(
  transaction: NonInviteClientTransaction,
  now: Millis,
): Step<NonInviteClientTransaction> {
  if (isDue(transaction.giveUpAt, now)) {
    return { next: terminated(transaction), actions: ['time-out'] };
  }
  if (transaction.resend === undefined || !isDue(transaction.resend.at, now)) {
    return stay(transaction);
  }
  const doubled = Math.min(transaction.resend.interval * 2, T2);
  const interval = transaction.state === 'proceeding' ? T2 : doubled;
  const next = { ...transaction, resend: retransmission(now, interval) };
  return { next, actions: ['transmit'] };
}

function terminated(transaction: NonInviteClientTransaction): NonInviteClientTransaction {
  return { ...transaction, state: 'terminated', resend: undefined, giveUpAt: undefined };
}
