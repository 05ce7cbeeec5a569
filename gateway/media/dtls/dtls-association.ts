/** Drives a DTLS association and holds its keys back until the peer is proven (RFC 5763). */
import type { Millis } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Fingerprint } from '../../media-contract/transport.ts';
import type {
  Dtls,
  DtlsHandle,
  DtlsIdentity,
  DtlsRole,
  DtlsSrtpKeys,
  DtlsStatus,
} from '../../native/contract.ts';
import { type Agenda, Task } from '../agenda.ts';
import { MOST_DTLS_DATAGRAMS_PER_SECOND } from '../limits.ts';
import { matchesFingerprints, promiseTheSame } from './fingerprints.ts';
import { isAlertInClear, isClientHello } from './records.ts';

/**
 * `idle`: nothing said yet · `handshaking` · `unproven`: finished, the promised fingerprint not yet
 * known · `proven`: keys are out · `ended`: closed, failed or given up.
 */
export type DtlsState = 'idle' | 'handshaking' | 'unproven' | 'proven' | 'ended';

export type DtlsFailure = 'dtls-failed' | 'dtls-timeout' | 'fingerprint-mismatch';

/** What an association tells its leg, and how it sends. */
export interface DtlsListener {
  sendDtls(datagram: Uint8Array): void;
  dtlsProven(keys: DtlsSrtpKeys, now: Millis): void;
  dtlsFailed(failure: DtlsFailure, detail: string, now: Millis): void;
  dtlsClosedByPeer(now: Millis): void;
}

export interface DtlsPorts {
  readonly dtls: Dtls;
  readonly identity: DtlsIdentity;
  readonly agenda: Agenda;
  /** Runs a timer's work so that a throw stays with the leg. */
  readonly contain: (work: () => void, now: Millis) => void;
}

export class DtlsAssociation extends Task {
  readonly #ports: DtlsPorts;
  readonly #listener: DtlsListener;
  #state: DtlsState = 'idle';
  #handle: DtlsHandle | undefined;
  #role: DtlsRole | undefined;
  #promised: readonly Fingerprint[] = [];
  #secondBeganAt: Millis = 0;
  #takenThisSecond = 0;

  constructor(ports: DtlsPorts, listener: DtlsListener) {
    super();
    this.#ports = ports;
    this.#listener = listener;
  }

  get state(): DtlsState {
    return this.#state;
  }

  /**
   * What the remote description says. Another certificate or the other role is another association
   * (RFC 8842 §5.1); the media of the old one goes on until the new one's keys are there.
   */
  describe(role: DtlsRole, promised: readonly Fingerprint[], now: Millis): void {
    const isChanged =
      this.#promised.length > 0 &&
      (!promiseTheSame(this.#promised, promised) || (this.#role ?? role) !== role);
    if (isChanged) this.#drop();
    this.#role = role;
    this.#promised = promised;
    if (this.#state === 'unproven') this.#prove(now);
  }

  /** The path is there: a client speaks first. */
  pathFound(now: Millis): void {
    if (this.#state === 'idle' && this.#role === 'client') this.#open('client', now);
  }

  /** A datagram from a confirmed address. Gives false if it was not even looked at. */
  receive(bytes: Uint8Array, offset: number, length: number, now: Millis): boolean {
    if (!this.#allows(now)) return false;
    if (this.#state === 'idle' && !this.#answers(bytes, offset, length, now)) return false;
    if (this.#handle === undefined) return false;
    const isUnderWay = this.#state === 'handshaking';
    if (!isUnderWay && isClientHello(bytes, offset, length)) return false;
    if (isAlertInClear(bytes, offset, length) && !isUnderWay) return false;
    const status = this.#ports.dtls.receive(this.#handle, bytes.subarray(offset, offset + length));
    this.#proceed(status, now);
    return true;
  }

  run(now: Millis): void {
    this.#ports.contain(() => {
      if (this.#handle === undefined) return;
      this.#proceed(this.#ports.dtls.handleTimeout(this.#handle), now);
    }, now);
  }

  /** The leg's patience is at its end. */
  giveUp(now: Millis): void {
    if (this.#state === 'proven' || this.#state === 'ended') return;
    const detail = this.#state;
    this.#drop();
    this.#state = 'ended';
    this.#listener.dtlsFailed('dtls-timeout', detail, now);
  }

  /** Says close_notify and frees everything. */
  close(): void {
    if (this.#handle !== undefined && this.#state !== 'ended') {
      this.#ports.dtls.shutdown(this.#handle);
      this.#sendOutgoing(this.#handle);
    }
    this.#drop();
    this.#state = 'ended';
  }

  /** A ClientHello before any description: whoever knows our password may be our client. */
  #answers(bytes: Uint8Array, offset: number, length: number, now: Millis): boolean {
    if (this.#role === 'client' || !isClientHello(bytes, offset, length)) return false;
    this.#open('server', now);
    return true;
  }

  #open(role: DtlsRole, now: Millis): void {
    this.#handle = this.#ports.dtls.open({ identity: this.#ports.identity.handle, role });
    this.#role = role;
    this.#state = 'handshaking';
    this.#proceed(this.#ports.dtls.status(this.#handle), now);
  }

  #proceed(status: DtlsStatus, now: Millis): void {
    const handle = this.#handle!;
    this.#sendOutgoing(handle);
    const wait = this.#ports.dtls.timeoutMillis(handle);
    if (wait >= 0) this.#ports.agenda.plan(this, now + wait);
    else this.#ports.agenda.cancel(this);
    switch (status) {
      case 'handshaking':
        return;
      case 'connected':
        if (this.#state === 'handshaking') this.#finish(now);
        return;
      case 'closed':
        return this.#end(now);
      case 'failed':
        return this.#state === 'handshaking' ? this.#failHandshake(handle, now) : this.#end(now);
      default:
        return unreachable(status);
    }
  }

  #finish(now: Millis): void {
    this.#state = 'unproven';
    if (this.#promised.length > 0) this.#prove(now);
  }

  #prove(now: Millis): void {
    const handle = this.#handle!;
    const { dtls } = this.#ports;
    if (matchesFingerprints(this.#promised, (hash) => dtls.peerFingerprint(handle, hash))) {
      this.#state = 'proven';
      this.#listener.dtlsProven(dtls.exportSrtp(handle), now);
      return;
    }
    this.#drop();
    this.#state = 'ended';
    this.#listener.dtlsFailed('fingerprint-mismatch', 'not the certificate promised', now);
  }

  #failHandshake(handle: DtlsHandle, now: Millis): void {
    const detail = this.#ports.dtls.failure(handle) ?? '';
    this.#drop();
    this.#state = 'ended';
    this.#listener.dtlsFailed('dtls-failed', detail, now);
  }

  #end(now: Millis): void {
    this.#drop();
    this.#state = 'ended';
    this.#listener.dtlsClosedByPeer(now);
  }

  #sendOutgoing(handle: DtlsHandle): void {
    for (;;) {
      const datagram = this.#ports.dtls.takeOutgoing(handle);
      if (datagram === undefined) return;
      this.#listener.sendDtls(datagram);
    }
  }

  #drop(): void {
    this.#ports.agenda.cancel(this);
    if (this.#handle !== undefined) this.#ports.dtls.close(this.#handle);
    this.#handle = undefined;
    this.#state = 'idle';
  }

  /** A confirmed peer is no reason to spend all our time on its handshakes. */
  #allows(now: Millis): boolean {
    if (now - this.#secondBeganAt >= 1_000) {
      this.#secondBeganAt = now;
      this.#takenThisSecond = 0;
    }
    this.#takenThisSecond += 1;
    return this.#takenThisSecond <= MOST_DTLS_DATAGRAMS_PER_SECOND;
  }
}
