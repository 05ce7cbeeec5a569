/** Where plain RTP may come from: ranked sources, a short window, then a lock (RFC 7362, 4961). */
import { distance16 } from '../core/serial.ts';
import type { Millis } from '../core/time.ts';
import type { SourcePolicy } from '../media-contract/transport.ts';
import type { Datagram } from './datagram.ts';
import { NetworkList } from './networks.ts';
import { isPrivateHost, type UdpAddress, udpAddress } from './udp-address.ts';

/**
 * Whoever keeps sending is locked on after the window, or after so many packets of one SSRC over
 * so long, which a flood takes as long for as speech does. Until the window is over it gives way
 * to a better rank, locked or not.
 */
const WINDOW_MS = 3_000;
const LOCKING_RUN = 4;
const LOCKING_RUN_MS = 40;
/** Packets let through before there is a lock: who sends them is not certain yet. */
const MOST_BEFORE_LOCK = 5;
/** After so long a silence the same stream may go on from elsewhere. */
const SILENCE_MS = 10_000;
/** Sequence numbers that a stream may have moved by in a silence and still be the same. */
const FARTHEST_CONTINUATION = 6_000;

/** 1 is the SDP address and port … 5 anything; smaller is better. */
export type SourceRank = 1 | 2 | 3 | 4 | 5;
export const REFUSED = 0;

/** Ranks the sources of one port by what SDP, signalling and configuration tell. */
export class SourceRanking {
  readonly #described: UdpAddress | undefined;
  readonly #signalling: UdpAddress | undefined;
  readonly #networks: NetworkList;
  readonly #anySource: boolean;
  readonly #signallingFirst: boolean;

  constructor(
    described: UdpAddress | undefined,
    policy: SourcePolicy | undefined,
    interfaceNetworks: readonly string[],
  ) {
    this.#described = described;
    this.#signalling =
      policy?.signallingAddress === undefined ? undefined : udpAddress(policy.signallingAddress, 0);
    this.#networks = new NetworkList([...(policy?.mediaNetworks ?? []), ...interfaceNetworks]);
    this.#anySource = policy?.anySource ?? false;
    const isHidden = described === undefined || isPrivateHost(described);
    this.#signallingFirst =
      isHidden && this.#signalling !== undefined && !isPrivateHost(this.#signalling);
  }

  /** The datagram's rank, or REFUSED. */
  rankOf(datagram: Datagram): SourceRank | typeof REFUSED {
    if (this.#described !== undefined && datagram.isFromHost(this.#described)) {
      if (this.#signallingFirst) return datagram.remotePort === this.#described.port ? 2 : 3;
      return datagram.remotePort === this.#described.port ? 1 : 2;
    }
    if (this.#signalling !== undefined && datagram.isFromHost(this.#signalling)) {
      return this.#signallingFirst ? 1 : 3;
    }
    if (this.#networks.contains(datagram.remote())) return 4;
    return this.#anySource ? 5 : REFUSED;
  }
}

type LockState = 'closed' | 'waiting' | 'window' | 'locked';

/** What `admit` found: refused, let through, or let through with this packet closing the lock. */
export type Admission = 'refused' | 'admitted' | 'locked';

/** The lock of one port. RTP's and RTCP's are apart, RTCP having no sequence to go on. */
export class SourceLock {
  #source: UdpAddress | undefined;
  #state: LockState = 'closed';
  #heardAt: Millis = 0;
  #ssrc = 0;
  #sequence = 0;
  #ranking: SourceRanking | undefined;
  #rank: SourceRank = 5;
  #windowEndsAt: Millis = 0;
  #beforeLock = 0;
  #run = 0;
  #runBeganAt: Millis = 0;

  /** Begins anew: a first or changed remote description, a new fork, a resumed call. */
  open(ranking: SourceRanking): void {
    this.#ranking = ranking;
    this.#state = 'waiting';
    this.#source = undefined;
    this.#windowEndsAt = 0;
  }

  get isLocked(): boolean {
    return this.#state === 'locked';
  }

  /** Whom the packets come from, once there is somebody. */
  get source(): UdpAddress | undefined {
    return this.#source;
  }

  get rank(): SourceRank {
    return this.#rank;
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return this.#sequence | (this.#source?.port ?? 0);
  }

  admit(datagram: Datagram, ssrc: number, sequence: number, now: Millis): Admission {
    const source = this.#source;
    const isKnown = source !== undefined && datagram.isFrom(source);
    if (!isKnown && !this.#yieldsTo(datagram, ssrc, sequence, now)) return 'refused';
    return this.#note(ssrc, sequence, now);
  }

  /** Whether something that proves itself in another way may come from there. */
  mayBegin(datagram: Datagram): boolean {
    return this.#ranking !== undefined && this.#ranking.rankOf(datagram) !== REFUSED;
  }

  /** The locked source goes on: the one case there is for nearly every packet. */
  #note(ssrc: number, sequence: number, now: Millis): Admission {
    this.#heardAt = now;
    if (this.#state === 'locked') {
      this.#ssrc = ssrc;
      this.#sequence = sequence;
      return 'admitted';
    }
    if (this.#run === 0 || ssrc !== this.#ssrc) {
      this.#run = 0;
      this.#runBeganAt = now;
    }
    this.#run += 1;
    this.#ssrc = ssrc;
    this.#sequence = sequence;
    const isSteady = this.#run >= LOCKING_RUN && now - this.#runBeganAt >= LOCKING_RUN_MS;
    if (isSteady || now >= this.#windowEndsAt) {
      this.#state = 'locked';
      return 'locked';
    }
    this.#beforeLock += 1;
    return this.#beforeLock <= MOST_BEFORE_LOCK ? 'admitted' : 'refused';
  }

  /** Whether another source than the present one takes its place. */
  #yieldsTo(datagram: Datagram, ssrc: number, sequence: number, now: Millis): boolean {
    const isWindowOpen = now < this.#windowEndsAt;
    const goesOn = this.#state === 'locked' && this.#goesOnElsewhere(ssrc, sequence, now);
    if (this.#state === 'locked' && !isWindowOpen && !goesOn) return false;
    const rank = this.#ranking?.rankOf(datagram) ?? REFUSED;
    if (rank === REFUSED) return false;
    if (isWindowOpen && !goesOn && rank >= this.#rank) return false;
    // Whoever was first and never came to a lock has had its window; a stream that goes on has one
    // behind it and is locked on at once.
    if (!isWindowOpen && !goesOn) this.#windowEndsAt = now + WINDOW_MS;
    this.#state = 'window';
    this.#source = datagram.remote();
    this.#rank = rank;
    this.#run = 0;
    this.#beforeLock = 0;
    return true;
  }

  #goesOnElsewhere(ssrc: number, sequence: number, now: Millis): boolean {
    if (now - this.#heardAt < SILENCE_MS || ssrc !== this.#ssrc) return false;
    const distance = distance16(this.#sequence, sequence);
    return distance > 0 && distance <= FARTHEST_CONTINUATION;
  }
}
