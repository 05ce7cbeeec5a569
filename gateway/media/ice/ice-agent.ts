/** A leg's ICE-lite agent: answers authentic checks, follows nominations (RFC 8445 §2.5). */
import type { Random } from '../../core/random.ts';
import type { Millis } from '../../core/time.ts';
import type { IceCredentials } from '../../media-contract/transport.ts';
import { buildBindingError, buildBindingSuccess } from '../../wire/stun/build.ts';
import { hasIntegrity } from '../../wire/stun/integrity.ts';
import { BINDING_METHOD, type StunMessage } from '../../wire/stun/message.ts';
import { MOST_ICE_TUPLES } from '../limits.ts';
import { hostText, isSameAddress, type UdpAddress } from '../udp-address.ts';
import { localUfragOf, makeCredentials } from './credentials.ts';

/** Without an authenticated check for so long the peer is away (RFC 7675 §5.1 has 30 s). */
const DISCONNECTED_MS = 7_000;
const DEAD_MS = 30_000;
/** A nomination of a worse path waits for so long: aggressive nominators flutter. */
const WORSE_PATH_HOLD_MS = 1_000;
const ROLE_CONFLICT = 487;
const UNKNOWN_ATTRIBUTE = 420;
const BAD_REQUEST = 400;

/** A 5-tuple that an authenticated check has confirmed. */
export interface IceTuple {
  readonly socket: number;
  readonly remote: UdpAddress;
  /** Our address that the check was sent to. */
  readonly local: UdpAddress;
  checkedAt: Millis;
  priority: number;
}

export interface CheckOutcome {
  readonly reply: Uint8Array;
  /** Where the check came from; absent when it only earned an error. */
  readonly tuple?: IceTuple;
  readonly isNew: boolean;
  /** A tuple that had to give way. */
  readonly dropped?: IceTuple;
}

export type IceLiveness = 'waiting' | 'alive' | 'interrupted' | 'dead';

export class IceAgent {
  readonly #process: string;
  readonly #random: Random;
  #credentials: IceCredentials;
  /** Valid until the new credentials have been used once. */
  #previous: IceCredentials | undefined;
  readonly #tuples: IceTuple[] = [];
  #selected: IceTuple | undefined;
  #awaiting: { readonly tuple: IceTuple; readonly since: Millis } | undefined;
  #heardAt: Millis | undefined;

  constructor(process: string, random: Random) {
    this.#process = process;
    this.#random = random;
    this.#credentials = makeCredentials(process, random);
  }

  get credentials(): IceCredentials {
    return this.#credentials;
  }

  /** Every ufrag that a check may name now. */
  get ufrags(): readonly string[] {
    const previous = this.#previous === undefined ? [] : [this.#previous.ufrag];
    return [this.#credentials.ufrag, ...previous];
  }

  /** Where to send; undefined before the first nomination. */
  get selected(): IceTuple | undefined {
    return this.#selected;
  }

  get tuples(): readonly IceTuple[] {
    return this.#tuples;
  }

  /** New credentials (RFC 8445 §9). Asked again before they are used, it changes nothing. */
  restart(): IceCredentials {
    if (this.#previous !== undefined) return this.#credentials;
    this.#previous = this.#credentials;
    this.#credentials = makeCredentials(this.#process, this.#random);
    return this.#credentials;
  }

  /**
   * A STUN message whose USERNAME names us. Undefined: it is not authentic, or nothing to answer,
   * and leaves no trace. `where` is copied when it has to be remembered.
   */
  handleCheck(
    message: StunMessage,
    socket: number,
    remote: UdpAddress,
    local: UdpAddress,
    now: Millis,
  ): CheckOutcome | undefined {
    if (message.class !== 'request' || message.method !== BINDING_METHOD) return undefined;
    const credentials = this.#authenticate(message);
    if (credentials === undefined) return undefined;
    const error = refusal(message, credentials);
    if (error !== undefined) return { reply: error, isNew: false };
    if (credentials === this.#credentials) this.#previous = undefined;
    this.#heardAt = now;
    const reply = buildBindingSuccess({
      transactionId: message.transactionId,
      mapped: { address: hostText(remote), port: remote.port },
      key: credentials.pwd,
    });
    const known = this.#find(socket, remote);
    const dropped = known === undefined ? this.#makeRoom() : undefined;
    const tuple = known ?? { socket, remote, local, checkedAt: now, priority: 0 };
    if (known === undefined) this.#tuples.push(tuple);
    tuple.checkedAt = now;
    tuple.priority = message.priority ?? 0;
    if (message.useCandidate) this.#nominate(tuple, now);
    return { reply, tuple, isNew: known === undefined, dropped };
  }

  /** Confirms what our own check towards a lite peer has found, and sends there. */
  confirm(tuple: IceTuple, now: Millis): void {
    if (!this.#tuples.includes(tuple)) this.#tuples.push(tuple);
    tuple.checkedAt = now;
    this.#heardAt = now;
    this.#selected = tuple;
  }

  /** Lets a held nomination take effect; gives whether where to send has changed. */
  settle(now: Millis): boolean {
    const awaiting = this.#awaiting;
    if (awaiting === undefined || now - awaiting.since < WORSE_PATH_HOLD_MS) return false;
    this.#awaiting = undefined;
    this.#selected = awaiting.tuple;
    return true;
  }

  liveness(now: Millis): IceLiveness {
    if (this.#heardAt === undefined) return 'waiting';
    const silence = now - this.#heardAt;
    if (silence >= DEAD_MS) return 'dead';
    return silence >= DISCONNECTED_MS ? 'interrupted' : 'alive';
  }

  #authenticate(message: StunMessage): IceCredentials | undefined {
    const ufrag = localUfragOf(message.username);
    const credentials =
      ufrag === this.#credentials.ufrag
        ? this.#credentials
        : ufrag === this.#previous?.ufrag
          ? this.#previous
          : undefined;
    if (credentials === undefined || !hasIntegrity(message, credentials.pwd)) return undefined;
    return credentials;
  }

  #nominate(tuple: IceTuple, now: Millis): void {
    const selected = this.#selected;
    if (selected === undefined || selected === tuple || tuple.priority >= selected.priority) {
      this.#selected = tuple;
      this.#awaiting = undefined;
    } else if (this.#awaiting?.tuple !== tuple) {
      this.#awaiting = { tuple, since: now };
    }
  }

  #find(socket: number, remote: UdpAddress): IceTuple | undefined {
    for (const tuple of this.#tuples) {
      if (tuple.socket === socket && isSameAddress(tuple.remote, remote)) return tuple;
    }
    return undefined;
  }

  /** Gives up the tuple checked longest ago, but never the one in use. */
  #makeRoom(): IceTuple | undefined {
    if (this.#tuples.length < MOST_ICE_TUPLES) return undefined;
    const others = this.#tuples.filter((tuple) => tuple !== this.#selected);
    const oldest = others.reduce((a, b) => (b.checkedAt < a.checkedAt ? b : a));
    this.#tuples.splice(this.#tuples.indexOf(oldest), 1);
    if (this.#awaiting?.tuple === oldest) this.#awaiting = undefined;
    return oldest;
  }
}

/** Errors for requests that are authentic and cannot be served (RFC 8445 §7.3, RFC 8489 §6.3.1). */
function refusal(message: StunMessage, credentials: IceCredentials): Uint8Array | undefined {
  const { transactionId } = message;
  const key = credentials.pwd;
  if (message.unknownRequired.length > 0) {
    const unknownAttributes = message.unknownRequired;
    const reason = 'Unknown Attribute';
    return buildBindingError({
      transactionId,
      code: UNKNOWN_ATTRIBUTE,
      reason,
      unknownAttributes,
      key,
    });
  }
  // A full agent facing a lite one controls, whatever it thought before (RFC 8445 §6.1.1).
  if (message.iceControlled !== undefined) {
    return buildBindingError({ transactionId, code: ROLE_CONFLICT, reason: 'Role Conflict', key });
  }
  if (message.priority === undefined) {
    return buildBindingError({ transactionId, code: BAD_REQUEST, reason: 'No PRIORITY', key });
  }
  return undefined;
}
