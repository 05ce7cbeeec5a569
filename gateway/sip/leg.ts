/** The states of a leg and the table of legs and dialogs (RFC 3261 §12, §13). */
import { earlier, type Millis } from '../core/time.ts';
import type { SipHeader } from '../wire/sip/message.ts';
import type { Dialog } from './dialog.ts';
import type { EndCause, LegKey, RequestKey } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { Retransmission } from './transaction.ts';

/** Our INVITE without a final response. */
export interface CallingLeg {
  readonly type: 'calling';
  readonly key: LegKey;
  readonly outbound: string;
  readonly callId: string;
  /** We sent no offer, so a 2xx brings one. */
  readonly lateOffer: boolean;
  /** CANCEL may only follow a provisional response (§9.1). */
  readonly heard: boolean;
  /** `cancel-due`: ended for the call layer, and CANCEL goes out at the first 1xx. */
  readonly interest: 'open' | 'cancel-due' | 'cancelled';
  readonly cancelHeaders: readonly SipHeader[];
  readonly forks: readonly Fork[];
  readonly restartsTimerC: boolean;
  /** When ringing ends; after CANCEL, when its effect is no longer awaited. */
  readonly until?: Millis | undefined;
}

export interface Fork {
  readonly tag: string;
  readonly dialog: string;
}

/** The peer's INVITE without our final response. */
export interface CalledLeg {
  readonly type: 'called';
  readonly key: LegKey;
  readonly request: RequestKey;
  readonly dialog: string;
}

/** A 2xx of ours that has no ACK yet (§13.3.1.4). */
export interface UnacknowledgedAnswer {
  readonly request: RequestKey;
  readonly cseq: number;
  readonly resend: Retransmission;
  readonly giveUpAt: Millis;
}

/** A 2xx of the peer whose ACK waits for the call layer's answer. */
export interface HeldAck {
  readonly outbound: string;
  readonly remoteTag: string;
}

/** A confirmed dialog. */
export interface AnsweredLeg {
  readonly type: 'answered';
  readonly key: LegKey;
  readonly dialog: string;
  readonly answer?: UnacknowledgedAnswer | undefined;
  readonly heldAck?: HeldAck | undefined;
  /** Our re-INVITE without a final response. */
  readonly reinvite?: { readonly outbound: string; readonly lateOffer: boolean } | undefined;
  /** The peer's re-INVITE without our final response. */
  readonly incomingReinvite?: RequestKey | undefined;
  /** Ended for the call layer; BYE goes out when the ACK has come (§15). */
  readonly hangUp?: { readonly headers: readonly SipHeader[] } | undefined;
}

export type Leg = CallingLeg | CalledLeg | AnsweredLeg;

export interface LegsSnapshot {
  readonly legs: readonly Leg[];
  readonly dialogs: readonly Dialog[];
}

/** More than a process sends in a dialog after its state was last kept elsewhere (§12.2.1.1). */
const UNSEEN_REQUESTS = 1_000;

export class LegTable {
  readonly #environment: SipEnvironment;
  readonly #legs = new Map<LegKey, Leg>();
  readonly #dialogs = new Map<string, Dialog>();
  readonly #legOfCall = new Map<string, LegKey>();

  constructor(environment: SipEnvironment, from?: LegsSnapshot) {
    this.#environment = environment;
    for (const dialog of from?.dialogs ?? []) this.keepDialog(dialog);
    for (const leg of from?.legs ?? []) this.keep(leg);
  }

  get size(): number {
    return this.#legs.size;
  }

  get dialogCount(): number {
    return this.#dialogs.size;
  }

  snapshot(): LegsSnapshot {
    return { legs: [...this.#legs.values()], dialogs: [...this.#dialogs.values()] };
  }

  get(key: LegKey): Leg | undefined {
    return this.#legs.get(key);
  }

  answered(key: LegKey): AnsweredLeg | undefined {
    const leg = this.#legs.get(key);
    return leg?.type === 'answered' ? leg : undefined;
  }

  keep(leg: Leg): void {
    this.#legs.set(leg.key, leg);
    this.#legOfCall.set(this.#callIdOf(leg), leg.key);
    this.#environment.deadlines.set(`leg/${leg.key}`, deadlineOf(leg));
  }

  forget(key: LegKey): void {
    const leg = this.#legs.get(key);
    if (leg !== undefined) this.#legOfCall.delete(this.#callIdOf(leg));
    this.#legs.delete(key);
    this.#environment.deadlines.set(`leg/${key}`, undefined);
  }

  /** For traces: the live leg whose Call-ID this is. */
  legOfCall(callId: string): LegKey | undefined {
    return this.#legOfCall.get(callId);
  }

  #callIdOf(leg: Leg): string {
    return leg.type === 'calling' ? leg.callId : (this.#dialogs.get(leg.dialog)?.callId ?? '');
  }

  dialog(id: string): Dialog | undefined {
    return this.#dialogs.get(id);
  }

  keepDialog(dialog: Dialog): void {
    this.#dialogs.set(dialog.id, dialog);
  }

  forgetDialog(id: string): void {
    this.#dialogs.delete(id);
  }

  /** An answered leg and its dialog: what another process needs to go on with it. */
  stateOf(key: LegKey): LegsSnapshot | undefined {
    const leg = this.answered(key);
    const dialog = this.#dialogs.get(leg?.dialog ?? '');
    return leg && dialog && { legs: [leg], dialogs: [dialog] };
  }

  /** Takes over answered legs of a process that is gone; exchanges under way there are lost. */
  adopt({ legs, dialogs }: LegsSnapshot): void {
    for (const dialog of dialogs) {
      this.keepDialog({ ...dialog, localSeq: dialog.localSeq + UNSEEN_REQUESTS });
    }
    for (const { type, key, dialog } of legs.filter((leg) => leg.type === 'answered')) {
      this.keep({ type, key, dialog });
    }
  }

  /** Tells the call layer that a leg is over. */
  announceEnd(leg: LegKey, cause: EndCause): void {
    this.#environment.emit({ type: 'ended', leg, cause });
  }
}

function deadlineOf(leg: Leg): Millis | undefined {
  switch (leg.type) {
    case 'calling':
      return leg.until;
    case 'answered':
      return earlier(leg.answer?.resend.at, leg.answer?.giveUpAt);
    default:
      return undefined;
  }
}
