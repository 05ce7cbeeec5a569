/** What the four SIP transactions have in common (RFC 3261 §17): steps, actions and clocks. */
import { earlier, type Millis } from '../core/time.ts';

/** What a transaction asks of the layer that holds its messages and its hop. */
export type TransactionAction =
  /** Send the request again (client) or the last response (server). */
  | 'transmit'
  /** Send the ACK to this non-2xx final response (RFC 3261 §17.1.1.3). */
  | 'acknowledge'
  /** Hand the message that caused the step to the transaction user. */
  | 'deliver'
  /** Tell the transaction user that no answer, or no ACK, came in time. */
  | 'time-out'
  /** Tell the transaction user that the message could not be sent. */
  | 'fail';

/** The result of one event: the new state and what follows from it, in order. */
export interface Step<Transaction> {
  readonly next: Transaction;
  readonly actions: readonly TransactionAction[];
}

/** A retransmission that is due at `at` and, if it happens, again after `interval`. */
export interface Retransmission {
  readonly at: Millis;
  readonly interval: Millis;
}

export function retransmission(now: Millis, interval: Millis): Retransmission {
  return { at: now + interval, interval };
}

export function stay<Transaction>(transaction: Transaction): Step<Transaction> {
  return { next: transaction, actions: [] };
}

/** The next instant at which `clock` must be given to a transaction. */
export function transactionDeadline(transaction: {
  readonly resend?: Retransmission | undefined;
  readonly giveUpAt?: Millis | undefined;
}): Millis | undefined {
  return earlier(transaction.resend?.at, transaction.giveUpAt);
}

export function isDue(at: Millis | undefined, now: Millis): boolean {
  return at !== undefined && at <= now;
}
