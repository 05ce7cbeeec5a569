/** The INVITE client transaction (RFC 3261 §17.1.1, figure 5, as amended by RFC 6026 §8.4). */
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { T1, TIMER_D, TRANSACTION_TIMEOUT } from './timer-values.ts';
import { isDue, type Retransmission, retransmission, type Step, stay } from './transaction.ts';

export interface InviteClientTransaction {
  readonly type: 'invite-client';
  readonly state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
  readonly reliable: boolean;
  /** Timer A, while calling over an unreliable transport. */
  readonly resend?: Retransmission | undefined;
  /** Timer B while calling, D in completed, M in accepted. */
  readonly giveUpAt?: Millis | undefined;
}

export type InviteClientEvent =
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' }
  /** The caller has lost interest: send the INVITE no more. */
  | { readonly type: 'abandon' };

export function startInviteClient(reliable: boolean, now: Millis): Step<InviteClientTransaction> {
  const next: InviteClientTransaction = {
    type: 'invite-client',
    state: 'calling',
    reliable,
    resend: reliable ? undefined : retransmission(now, T1),
    giveUpAt: now + TRANSACTION_TIMEOUT,
  };
  return { next, actions: ['transmit'] };
}

export function stepInviteClient(
  transaction: InviteClientTransaction,
  event: InviteClientEvent,
  now: Millis,
): Step<InviteClientTransaction> {
  switch (transaction.state) {
    case 'calling':
      return whenCalling(transaction, event, now);
    case 'proceeding':
      return whenProceeding(transaction, event, now);
    case 'accepted':
      return whenAccepted(transaction, event, now);
    case 'completed':
      return whenCompleted(transaction, event, now);
    case 'terminated':
      return stay(transaction);
    default:
      return unreachable(transaction.state);
  }
}

function whenCalling(
  transaction: InviteClientTransaction,
  event: InviteClientEvent,
  now: Millis,
): Step<InviteClientTransaction> {
  switch (event.type) {
    case 'response':
      return whenAnswered(transaction, event.status, now);
    case 'transport-error':
      return { next: terminated(transaction), actions: ['fail'] };
    case 'abandon':
      return stay({ ...transaction, resend: undefined });
    case 'clock':
      return whenCallingClock(transaction, now);
    default:
      return unreachable(event);
  }
}

function whenCallingClock(
  transaction: InviteClientTransaction,
  now: Millis,
): Step<InviteClientTransaction> {
  // Timer B.
  if (isDue(transaction.giveUpAt, now)) {
    return { next: terminated(transaction), actions: ['time-out'] };
  }
  // Timer A doubles without a ceiling: 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s.
  if (transaction.resend !== undefined && isDue(transaction.resend.at, now)) {
    const resend = retransmission(now, transaction.resend.interval * 2);
    return { next: { ...transaction, resend }, actions: ['transmit'] };
  }
  return stay(transaction);
}

function whenProceeding(
  transaction: InviteClientTransaction,
  event: InviteClientEvent,
  now: Millis,
): Step<InviteClientTransaction> {
  if (event.type === 'response') return whenAnswered(transaction, event.status, now);
  if (event.type === 'transport-error') {
    return { next: terminated(transaction), actions: ['fail'] };
  }
  return stay(transaction);
}

function whenAnswered(
  transaction: InviteClientTransaction,
  status: number,
  now: Millis,
): Step<InviteClientTransaction> {
  const calm = { ...transaction, resend: undefined };
  if (status < 200) {
    return { next: { ...calm, state: 'proceeding', giveUpAt: undefined }, actions: ['deliver'] };
  }
  if (status < 300) {
    // Timer M: further 2xx of this INVITE belong to the dialogs and pass through.
    const giveUpAt = now + TRANSACTION_TIMEOUT;
    return { next: { ...calm, state: 'accepted', giveUpAt }, actions: ['deliver'] };
  }
  if (transaction.reliable) {
    // Timer D is zero.
    return { next: terminated(transaction), actions: ['acknowledge', 'deliver'] };
  }
  const next: InviteClientTransaction = { ...calm, state: 'completed', giveUpAt: now + TIMER_D };
  return { next, actions: ['acknowledge', 'deliver'] };
}

function whenAccepted(
  transaction: InviteClientTransaction,
  event: InviteClientEvent,
  now: Millis,
): Step<InviteClientTransaction> {
  if (event.type === 'response' && event.status >= 200 && event.status < 300) {
    return { next: transaction, actions: ['deliver'] };
  }
  return event.type === 'clock' ? endWhenDue(transaction, now) : stay(transaction);
}

function whenCompleted(
  transaction: InviteClientTransaction,
  event: InviteClientEvent,
  now: Millis,
): Step<InviteClientTransaction> {
  if (event.type === 'response' && event.status >= 300) {
    return { next: transaction, actions: ['acknowledge'] };
  }
  if (event.type === 'transport-error') {
    return { next: terminated(transaction), actions: ['fail'] };
  }
  return event.type === 'clock' ? endWhenDue(transaction, now) : stay(transaction);
}

function endWhenDue(
  transaction: InviteClientTransaction,
  now: Millis,
): Step<InviteClientTransaction> {
  return stay(isDue(transaction.giveUpAt, now) ? terminated(transaction) : transaction);
}

function terminated(transaction: InviteClientTransaction): InviteClientTransaction {
  return { ...transaction, state: 'terminated', resend: undefined, giveUpAt: undefined };
}
