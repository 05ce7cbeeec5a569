/** The INVITE server transaction (RFC 3261 §17.2.1, figure 7, as amended by RFC 6026 §8.5). */
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { T1, T2, T4, TRANSACTION_TIMEOUT } from './timer-values.ts';
import { isDue, type Retransmission, retransmission, type Step, stay } from './transaction.ts';

export interface InviteServerTransaction {
  readonly type: 'invite-server';
  readonly state: 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated';
  readonly reliable: boolean;
  /** Timer G, in completed over an unreliable transport. */
  readonly resend?: Retransmission | undefined;
  /** Timer H in completed, I in confirmed, L in accepted. */
  readonly giveUpAt?: Millis | undefined;
}

export type InviteServerEvent =
  /** The INVITE again. */
  | { readonly type: 'request' }
  /** An ACK that matches this transaction: one to a non-2xx. */
  | { readonly type: 'ack' }
  /** The transaction user answers. */
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' };

/** The INVITE is delivered by whoever starts the transaction, once it has sent 100. */
export function startInviteServer(reliable: boolean): InviteServerTransaction {
  return { type: 'invite-server', state: 'proceeding', reliable };
}

export function stepInviteServer(
  transaction: InviteServerTransaction,
  event: InviteServerEvent,
  now: Millis,
): Step<InviteServerTransaction> {
  switch (transaction.state) {
    case 'proceeding':
      return whenProceeding(transaction, event, now);
    case 'completed':
      return whenCompleted(transaction, event, now);
    case 'confirmed':
      return event.type === 'clock' ? endWhenDue(transaction, now) : stay(transaction);
    case 'accepted':
      return whenAccepted(transaction, event, now);
    case 'terminated':
      return stay(transaction);
    default:
      return unreachable(transaction.state);
  }
}

function whenProceeding(
  transaction: InviteServerTransaction,
  event: InviteServerEvent,
  now: Millis,
): Step<InviteServerTransaction> {
  if (event.type === 'request') return { next: transaction, actions: ['transmit'] };
  if (event.type === 'transport-error') return { next: transaction, actions: ['fail'] };
  if (event.type !== 'response') return stay(transaction);
  if (event.status < 200) return { next: transaction, actions: ['transmit'] };
  const giveUpAt = now + TRANSACTION_TIMEOUT;
  if (event.status < 300) {
    // Timer L. The 2xx is retransmitted by the dialog, not from here (§13.3.1.4).
    return { next: { ...transaction, state: 'accepted', giveUpAt }, actions: ['transmit'] };
  }
  // Timer H bounds the wait for the ACK on every transport; timer G only runs on unreliable ones.
  const resend = transaction.reliable ? undefined : retransmission(now, T1);
  return { next: { ...transaction, state: 'completed', resend, giveUpAt }, actions: ['transmit'] };
}

function whenCompleted(
  transaction: InviteServerTransaction,
  event: InviteServerEvent,
  now: Millis,
): Step<InviteServerTransaction> {
  switch (event.type) {
    case 'request':
      return { next: transaction, actions: ['transmit'] };
    case 'ack':
      return stay(confirmed(transaction, now));
    case 'response':
      return stay(transaction);
    case 'transport-error':
      return { next: terminated(transaction), actions: ['fail'] };
    case 'clock':
      return whenCompletedClock(transaction, now);
    default:
      return unreachable(event);
  }
}

function whenCompletedClock(
  transaction: InviteServerTransaction,
  now: Millis,
): Step<InviteServerTransaction> {
  if (isDue(transaction.giveUpAt, now)) {
    return { next: terminated(transaction), actions: ['time-out'] };
  }
  if (transaction.resend !== undefined && isDue(transaction.resend.at, now)) {
    const interval = Math.min(transaction.resend.interval * 2, T2);
    const next = { ...transaction, resend: retransmission(now, interval) };
    return { next, actions: ['transmit'] };
  }
  return stay(transaction);
}

/** Timer I absorbs further ACKs; it is zero on reliable transports. */
function confirmed(transaction: InviteServerTransaction, now: Millis): InviteServerTransaction {
  if (transaction.reliable) return terminated(transaction);
  return { ...transaction, state: 'confirmed', resend: undefined, giveUpAt: now + T4 };
}

function whenAccepted(
  transaction: InviteServerTransaction,
  event: InviteServerEvent,
  now: Millis,
): Step<InviteServerTransaction> {
  // The dialog sends its 2xx again through this transaction; the INVITE again is absorbed.
  if (event.type === 'response' && event.status >= 200 && event.status < 300) {
    return { next: transaction, actions: ['transmit'] };
  }
  if (event.type === 'transport-error') return { next: transaction, actions: ['fail'] };
  return event.type === 'clock' ? endWhenDue(transaction, now) : stay(transaction);
}

function endWhenDue(
  transaction: InviteServerTransaction,
  now: Millis,
): Step<InviteServerTransaction> {
  return stay(isDue(transaction.giveUpAt, now) ? terminated(transaction) : transaction);
}

function terminated(transaction: InviteServerTransaction): InviteServerTransaction {
  return { ...transaction, state: 'terminated', resend: undefined, giveUpAt: undefined };
}
