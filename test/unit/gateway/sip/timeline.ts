/** Drives one transaction on a simulated clock and writes down what it does, and when. */
import type { Millis } from '../../../../gateway/core/time.ts';
import {
  type Step,
  type TransactionAction,
  transactionDeadline,
} from '../../../../gateway/sip/transaction.ts';

interface Timed {
  readonly state: string;
  readonly giveUpAt?: Millis | undefined;
}

export interface Timeline<Transaction> {
  readonly happened: readonly (readonly [Millis, TransactionAction])[];
  readonly transaction: Transaction;
  readonly endedAt: Millis | undefined;
}

/** Lets only time pass from `first` on, until the transaction wants no more of it. */
export function passTime<Transaction extends Timed>(
  first: Step<Transaction>,
  start: Millis,
  step: (transaction: Transaction, now: Millis) => Step<Transaction>,
): Timeline<Transaction> {
  const happened: [Millis, TransactionAction][] = [];
  let { next: transaction, actions } = first;
  let now = start;
  for (let turns = 0; turns < 100; turns += 1) {
    for (const action of actions) happened.push([now, action]);
    const deadline = transactionDeadline(transaction);
    if (deadline === undefined) break;
    now = deadline;
    ({ next: transaction, actions } = step(transaction, now));
  }
  const endedAt = transaction.state === 'terminated' ? now : undefined;
  return { happened, transaction, endedAt };
}

export function timesOf(timeline: Timeline<unknown>, action: TransactionAction): Millis[] {
  return timeline.happened.flatMap(([at, what]) => (what === action ? [at] : []));
}
