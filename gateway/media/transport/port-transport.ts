/** A transport without ICE: an even RTP port, RTCP beside it, sources by rank (RFC 3550 §11). */

import { distance16 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';
import type {
  LocalTransport,
  RemoteTransport,
  TransportKind,
} from '../../media-contract/transport.ts';
import type { PathHandle, SocketHandle } from '../../native/contract.ts';
import { classify } from '../../wire/classify.ts';
import type { Datagram } from '../datagram.ts';
import type { MediaEnvironment } from '../environment.ts';
import type { MediaInterface } from '../options.ts';
import type { DatagramSink, PacketLoop } from '../packet-loop.ts';
import type { Refusals } from '../refusals.ts';
import type { RtpPortPair, RtpPorts } from '../rtp-ports.ts';
import { SourceLock, SourceRanking } from '../source-lock.ts';
import { hostText, isSameAddress, type UdpAddress, udpAddress } from '../udp-address.ts';
import { LegTransport, type TransportOwner } from './leg-transport.ts';

/** One direction of sending: a path and the address it leads to. */
interface Destination {
  readonly address: UdpAddress;
  readonly path: PathHandle;
}

export class PortTransport extends LegTransport implements DatagramSink {
  #hasReceived = false;
  readonly #rtpLock = new SourceLock();
  /** Who sent the last authenticated packet, and which it was. */
  #provenSource: UdpAddress | undefined;
  #provenSsrc = 0;
  #provenSequence = 0;
  readonly #interface: MediaInterface;
  readonly #ports: RtpPorts;
  readonly #pair: RtpPortPair;
  readonly #rtcpLock = new SourceLock();
  #rtpDestination: Destination | undefined;
  #rtcpDestination: Destination | undefined;
  #described = '';

  constructor(
    kind: TransportKind,
    environment: MediaEnvironment,
    owner: TransportOwner,
    refusals: Refusals,
    place: {
      readonly interface: MediaInterface;
      readonly ports: RtpPorts;
      readonly pair: RtpPortPair;
    },
  ) {
    super(kind, environment, owner, refusals);
    this.#interface = place.interface;
    this.#ports = place.ports;
    this.#pair = place.pair;
    environment.loop.listen(place.pair.rtp, this);
    if (place.pair.rtcp !== undefined) {
      environment.loop.listen(place.pair.rtcp, new RtcpPort(this));
    }
  }

  local(): LocalTransport {
    const { port, rtcp } = this.#pair;
    const base = {
      address: this.#interface.advertise,
      rtpPort: port,
      rtcpPort: rtcp === undefined ? port : port + 1,
    };
    if (this.kind.keying !== 'dtls') return base;
    const { fingerprints } = this.environment.identity;
    return { ...base, fingerprints: [{ hash: 'sha-256', value: fingerprints['sha-256'] }] };
  }

  /** What came to the even port, or to the only one. */
  receive(datagram: Datagram, now: Millis, loop: PacketLoop): void {
    loop.unit = this.owner;
    this.#hasReceived = true;
    const kind = classify(datagram.bytes, datagram.offset, datagram.length);
    if (kind === 'rtp') this.takeRtp(datagram, now);
    else if (kind === 'rtcp') this.takeRtcp(datagram, now);
    else if (kind === 'dtls' && this.dtls !== undefined) this.#takeDtls(datagram, now);
    else this.refusals.count('datagram.unexpected');
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    const keys = this.keys?.fetchAhead() ?? this.#rtpLock.fetchAhead();
    return keys | (this.#provenSource?.port ?? 0) | this.owner.fetchAhead();
  }

  /** What came to the odd port: RTCP and nothing else. */
  receiveOnRtcpPort(datagram: Datagram, now: Millis, loop: PacketLoop): void {
    loop.unit = this.owner;
    this.#hasReceived = true;
    const kind = classify(datagram.bytes, datagram.offset, datagram.length);
    if (kind === 'rtcp') this.takeRtcp(datagram, now);
    else this.refusals.count('datagram.unexpected');
  }

  override close(now: Millis): void {
    super.close(now);
    this.release(now, () => this.#leave(this.#rtpDestination));
    this.release(now, () => this.#leave(this.#rtcpDestination));
    this.#rtpDestination = undefined;
    this.#rtcpDestination = undefined;
    this.rtpPath = undefined;
    this.rtcpPath = undefined;
    this.#ports.release(this.#pair, this.#hasReceived, now);
  }

  beat(now: Millis): void {
    this.watchPatience(now);
  }

  protected locate(remote: RemoteTransport): void {
    const description = JSON.stringify([remote.address, remote.rtpPort, remote.sources]);
    if (description === this.#described) return;
    this.#described = description;
    const rtp = addressOf(remote.address, remote.rtpPort);
    // RFC 3605: unless told otherwise, RTCP is one port above.
    const rtcp = addressOf(remote.address, remote.rtcpPort ?? (remote.rtpPort ?? -1) + 1);
    const networks = this.#interface.mediaNetworks;
    this.#rtpLock.open(new SourceRanking(rtp, remote.sources, networks));
    this.#rtcpLock.open(new SourceRanking(rtcp, remote.sources, networks));
    this.#provenSource = undefined;
    this.#sendRtpTo(rtp);
    if (this.#pair.rtcp !== undefined) this.#sendRtcpTo(rtcp);
  }

  protected isPathConfirmed(): boolean {
    return this.rtpPath !== undefined;
  }

  protected admits(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
    now: Millis,
  ): boolean {
    const usesRtpPort = !isRtcp || this.#pair.rtcp === undefined;
    const lock = usesRtpPort ? this.#rtpLock : this.#rtcpLock;
    const admission = lock.admit(datagram, ssrc, sequence, now);
    if (admission === 'locked') this.#follow(lock, usesRtpPort);
    return admission !== 'refused';
  }

  protected authenticated(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
  ): void {
    if (isRtcp) return;
    const source = this.#provenSource;
    if (source === undefined || !datagram.isFrom(source)) {
      const isOlder = ssrc === this.#provenSsrc && distance16(this.#provenSequence, sequence) <= 0;
      if (source !== undefined && isOlder) return;
      this.#provenSource = datagram.remote();
      this.#sendRtpTo(this.#provenSource);
      this.owner.sourceLocked(1);
    }
    this.#provenSsrc = ssrc;
    this.#provenSequence = sequence;
  }

  /** DTLS without ICE proves itself by fingerprint; where it comes from is ranked as RTP is. */
  #takeDtls(datagram: Datagram, now: Millis): void {
    if (!this.#rtpLock.mayBegin(datagram)) {
      this.refusals.count('source.refused');
      return;
    }
    this.takeDtls(datagram, now);
  }

  #follow(lock: SourceLock, isRtp: boolean): void {
    if (isRtp) {
      this.#sendRtpTo(lock.source);
      this.owner.sourceLocked(lock.rank);
    } else {
      this.#sendRtcpTo(lock.source);
    }
  }

  #sendRtpTo(address: UdpAddress | undefined): void {
    this.#rtpDestination = this.#redirect(this.#rtpDestination, address, this.#pair.rtp);
    this.rtpPath = this.#rtpDestination?.path;
    if (this.#pair.rtcp === undefined) this.rtcpPath = this.rtpPath;
  }

  #sendRtcpTo(address: UdpAddress | undefined): void {
    this.#rtcpDestination = this.#redirect(this.#rtcpDestination, address, this.#pair.rtcp!);
    this.rtcpPath = this.#rtcpDestination?.path;
  }

  #redirect(
    old: Destination | undefined,
    address: UdpAddress | undefined,
    socket: SocketHandle,
  ): Destination | undefined {
    if (old !== undefined && address !== undefined && isSameAddress(old.address, address))
      return old;
    this.#leave(old);
    if (address === undefined) return undefined;
    const remoteAddress = hostText(address);
    const path = this.environment.packetIo.openPath({
      socket,
      remoteAddress,
      remotePort: address.port,
    });
    return { address, path };
  }

  #leave(destination: Destination | undefined): void {
    if (destination !== undefined) this.environment.packetIo.closePath(destination.path);
  }
}

class RtcpPort implements DatagramSink {
  readonly #transport: PortTransport;

  constructor(transport: PortTransport) {
    this.#transport = transport;
  }

  receive(datagram: Datagram, now: Millis, loop: PacketLoop): void {
    this.#transport.receiveOnRtcpPort(datagram, now, loop);
  }
}

/** 0.0.0.0 is the old way of putting on hold, and no place to send to (RFC 3264 §8.4). */
function addressOf(host: string | undefined, port: number | undefined): UdpAddress | undefined {
  if (host === undefined || port === undefined || port === 0) return undefined;
  const address = udpAddress(host, port);
  if (address === undefined) return undefined;
  const { word0, word1, word2, word3 } = address;
  return (word0 | word1 | word2 | word3) === 0 ? undefined : address;
}
