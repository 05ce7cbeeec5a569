/** The keying half of a leg's transport, over whichever half knows where the peer is (RFC 5764). */
import type { Millis } from '../../core/time.ts';
import type { LegFailure } from '../../media-contract/contract.ts';
import type {
  LocalTransport,
  RemoteTransport,
  TransportKind,
} from '../../media-contract/transport.ts';
import {
  type DtlsSrtpKeys,
  type PathHandle,
  SRTP_AUTHENTICATION_FAILED,
  SRTP_MALFORMED,
  SRTP_REPLAYED,
} from '../../native/contract.ts';
import { isRtpPacket, sequenceOf, ssrcOf } from '../../wire/rtp/header.ts';
import type { Datagram } from '../datagram.ts';
import { DtlsAssociation, type DtlsFailure, type DtlsListener } from '../dtls/dtls-association.ts';
import { type MediaEnvironment, sendCopy } from '../environment.ts';
import type { ContainmentUnit } from '../packet-loop.ts';
import type { Refusals } from '../refusals.ts';
import { SrtpKeys } from './srtp-keys.ts';

/** The leg above a transport. */
export interface TransportOwner extends ContainmentUnit {
  /** Decrypted, from where it may come, a valid RTP header: to be demultiplexed. */
  receiveRtp(datagram: Datagram, now: Millis): void;
  receiveRtcp(datagram: Datagram, now: Millis): void;
  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number;
  transportConnected(now: Millis): void;
  transportInterrupted(): void;
  transportResumed(): void;
  transportFailed(failure: LegFailure, detail: string, now: Millis): void;
  transportClosedByPeer(now: Millis): void;
  sourceLocked(rank: number): void;
}

const SSRC_OF_RTCP_AT = 4;
const SHORTEST_RTCP_BYTES = 8;

export abstract class LegTransport implements DtlsListener {
  protected readonly owner: TransportOwner;
  protected readonly keys: SrtpKeys | undefined;
  protected readonly environment: MediaEnvironment;
  #isConnected = false;
  /** Where RTP and RTCP go; undefined while nobody knows. */
  protected rtpPath: PathHandle | undefined;
  protected rtcpPath: PathHandle | undefined;
  readonly kind: TransportKind;
  protected readonly refusals: Refusals;
  protected readonly dtls: DtlsAssociation | undefined;
  #configuredAt: Millis | undefined;

  constructor(
    kind: TransportKind,
    environment: MediaEnvironment,
    owner: TransportOwner,
    refusals: Refusals,
  ) {
    this.kind = kind;
    this.environment = environment;
    this.owner = owner;
    this.refusals = refusals;
    if (kind.keying !== 'none') this.keys = new SrtpKeys(environment.srtp);
    if (kind.keying === 'dtls') this.dtls = this.#makeAssociation();
  }

  abstract local(): LocalTransport;
  protected abstract locate(remote: RemoteTransport, now: Millis): void;
  /** Whether the peer's place is known and confirmed as far as this kind asks for. */
  protected abstract isPathConfirmed(): boolean;
  /** Plain RTP or RTCP: whether it may come from there. SSRCs are signed here, to be cheap. */
  protected abstract admits(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
    now: Millis,
  ): boolean;
  /** SRTP or SRTCP that proved to be the peer's. */
  protected abstract authenticated(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
  ): void;
  /** Once a second. */
  abstract beat(now: Millis): void;

  get isConnected(): boolean {
    return this.#isConnected;
  }

  configure(remote: RemoteTransport, now: Millis): void {
    this.#configuredAt ??= now;
    if (remote.sdes !== undefined && this.kind.keying === 'sdes') {
      this.keys?.useSdes(remote.sdes.local, remote.sdes.remote);
    }
    this.locate(remote, now);
    if (remote.dtlsRole !== undefined && remote.fingerprints !== undefined) {
      this.dtls?.describe(remote.dtlsRole, remote.fingerprints, now);
    }
    this.proceed(now);
  }

  /** Queues a packet that lies in the arena; false if there is no way or no key for it yet. */
  sendRtp(offset: number, length: number): boolean {
    const path = this.rtpPath;
    if (path === undefined) return false;
    if (this.keys === undefined) {
      this.environment.packetIo.send(path, offset, length);
      return true;
    }
    if (!this.keys.canSend) return false;
    const protectedLength = this.keys.protectRtp(offset, length);
    if (protectedLength < 0) {
      this.refusals.count(`send.${srtpReason(protectedLength)}`);
      return false;
    }
    this.environment.packetIo.send(path, offset, protectedLength);
    return true;
  }

  /** Touches what sending a packet will need (`DatagramSink` tells why). */
  fetchToSend(): number {
    return (this.rtpPath ?? 0) | (this.keys?.fetchAhead() ?? 0);
  }

  sendRtcp(bytes: Uint8Array): boolean {
    const path = this.rtcpPath;
    if (path === undefined) return false;
    const { packetIo } = this.environment;
    if (this.keys === undefined) {
      sendCopy(packetIo, path, bytes);
      return true;
    }
    if (!this.keys.canSend) return false;
    const offset = packetIo.allocateTransmit();
    packetIo.arena.set(bytes, offset);
    const length = this.keys.protectRtcp(offset, bytes.length);
    if (length < 0) this.refusals.count(`send.${srtpReason(length)}`);
    else packetIo.send(path, offset, length);
    return length >= 0;
  }

  close(now: Millis): void {
    this.release(now, () => this.dtls?.close());
    this.release(now, () => this.keys?.close());
  }

  sendDtls(datagram: Uint8Array): void {
    if (this.rtpPath !== undefined) sendCopy(this.environment.packetIo, this.rtpPath, datagram);
  }

  dtlsProven(keys: DtlsSrtpKeys, now: Millis): void {
    this.keys?.useDtls(keys);
    this.proceed(now);
  }

  dtlsFailed(failure: DtlsFailure, detail: string, now: Millis): void {
    this.owner.transportFailed(failure, detail, now);
  }

  dtlsClosedByPeer(now: Millis): void {
    this.owner.transportClosedByPeer(now);
  }

  /** A step of closing. One that throws is no reason to leave the rest open. */
  protected release(now: Millis, step: () => void): void {
    this.environment.loop.contain(this.owner, now, step);
  }

  /** Looks whether something that was waited for is there now. */
  protected proceed(now: Millis): void {
    if (this.isPathConfirmed()) this.dtls?.pathFound(now);
    if (this.#isConnected || !this.isPathConfirmed()) return;
    if (this.keys !== undefined && !this.keys.canSend) return;
    this.#isConnected = true;
    this.owner.transportConnected(now);
  }

  protected takeRtp(datagram: Datagram, now: Millis): void {
    const { bytes } = datagram;
    if (this.keys !== undefined && !this.#unprotect(datagram, this.keys, false)) return;
    const { offset } = datagram;
    if (!isRtpPacket(bytes, offset, datagram.length)) {
      this.refusals.count('rtp.malformed');
      return;
    }
    if (
      !this.#comesFromPeer(
        datagram,
        false,
        ssrcOf(bytes, offset) | 0,
        sequenceOf(bytes, offset),
        now,
      )
    ) {
      return;
    }
    this.owner.receiveRtp(datagram, now);
  }

  protected takeRtcp(datagram: Datagram, now: Millis): void {
    if (this.keys !== undefined && !this.#unprotect(datagram, this.keys, true)) return;
    if (datagram.length < SHORTEST_RTCP_BYTES) {
      this.refusals.count('rtcp.malformed');
      return;
    }
    const ssrc = ssrcOf(datagram.bytes, datagram.offset - SSRC_OF_RTCP_AT) | 0;
    if (this.#comesFromPeer(datagram, true, ssrc, 0, now)) this.owner.receiveRtcp(datagram, now);
  }

  protected takeDtls(datagram: Datagram, now: Millis): void {
    const { bytes, offset, length } = datagram;
    if (this.dtls?.receive(bytes, offset, length, now) !== true) {
      this.refusals.count('dtls.unexpected');
    }
  }

  /** A leg that should be connected by now and isn't has failed. */
  protected watchPatience(now: Millis): void {
    if (this.#isConnected || this.#configuredAt === undefined) return;
    if (now - this.#configuredAt < this.environment.options.timeouts.connectSeconds * 1000) return;
    this.#configuredAt = undefined;
    if (this.isPathConfirmed()) this.dtls?.giveUp(now);
    else this.owner.transportFailed('ice-failed', 'no check came', now);
  }

  #unprotect(datagram: Datagram, keys: SrtpKeys, isRtcp: boolean): boolean {
    if (!keys.canReceive) {
      this.refusals.count('srtp.no_key');
      return false;
    }
    const length = isRtcp
      ? keys.unprotectRtcp(datagram.offset, datagram.length)
      : keys.unprotectRtp(datagram.offset, datagram.length);
    if (length < 0) {
      this.refusals.count(srtpReason(length));
      return false;
    }
    datagram.length = length;
    return true;
  }

  #comesFromPeer(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
    now: Millis,
  ): boolean {
    if (this.keys !== undefined) {
      this.authenticated(datagram, isRtcp, ssrc, sequence);
      return true;
    }
    if (this.admits(datagram, isRtcp, ssrc, sequence, now)) return true;
    this.refusals.count('source.refused');
    return false;
  }

  #makeAssociation(): DtlsAssociation {
    const { dtls, identity, agenda, loop } = this.environment;
    const contain = (work: () => void, now: Millis) => loop.contain(this.owner, now, work);
    return new DtlsAssociation({ dtls, identity, agenda, contain }, this);
  }
}

function srtpReason(code: number): string {
  if (code === SRTP_AUTHENTICATION_FAILED) return 'srtp.unauthenticated';
  if (code === SRTP_REPLAYED) return 'srtp.replayed';
  return code === SRTP_MALFORMED ? 'srtp.malformed' : 'srtp.refused';
}
