/** A transport over the shared WebRTC port: where the peer is, its ICE checks say (RFC 8445). */
import { distance16 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';
import type {
  LocalTransport,
  RemoteTransport,
  TransportKind,
} from '../../media-contract/transport.ts';
import type { PathHandle, SocketHandle } from '../../native/contract.ts';
import type { DatagramKind } from '../../wire/classify.ts';
import { sequenceOf, ssrcOf } from '../../wire/rtp/header.ts';
import type { StunMessage } from '../../wire/stun/message.ts';
import type { Datagram } from '../datagram.ts';
import { type MediaEnvironment, sendCopy } from '../environment.ts';
import { hostCandidates, parseCandidate } from '../ice/candidates.ts';
import { ConnectivityChecker } from '../ice/connectivity-checker.ts';
import { IceAgent, type IceLiveness, type IceTuple } from '../ice/ice-agent.ts';
import { MOST_RECEIVE_ONLY_TUPLES, MOST_RECEIVED_STREAMS } from '../limits.ts';
import type { MediaInterface } from '../options.ts';
import type { Refusals } from '../refusals.ts';
import { hostText, type UdpAddress } from '../udp-address.ts';
import { LegTransport, type TransportOwner } from './leg-transport.ts';
import type { WebRtcPeer, WebRtcPort } from './webrtc-port.ts';

export interface IcePlace {
  readonly port: WebRtcPort;
  readonly interface: MediaInterface;
}

interface RoamingAddress {
  readonly socket: number;
  readonly remote: UdpAddress;
}

export class IceTransport extends LegTransport implements WebRtcPeer {
  readonly #place: IcePlace;
  readonly #agent: IceAgent;
  readonly #paths = new Map<IceTuple, PathHandle>();
  readonly #roaming: RoamingAddress[] = [];
  readonly #ssrcs: number[] = [];
  #users: readonly string[] = [];
  #liveness: IceLiveness = 'waiting';
  #checker: ConnectivityChecker | undefined;
  #newestSsrc = 0;
  #newestSequence = 0;
  /** While a packet from an address of nobody's is looked at. */
  #isRoaming = false;

  constructor(
    kind: TransportKind,
    environment: MediaEnvironment,
    owner: TransportOwner,
    refusals: Refusals,
    place: IcePlace,
  ) {
    super(kind, environment, owner, refusals);
    this.#place = place;
    this.#agent = new IceAgent(environment.options.process, environment.random);
    this.#registerUsers();
  }

  get unit(): TransportOwner {
    return this.owner;
  }

  local(): LocalTransport {
    const { options, identity } = this.environment;
    const { advertise } = this.#place.interface;
    const addresses = [...new Set([advertise, ...options.extraWebRtcAddresses])];
    const { webRtcPort: port } = options;
    const fingerprints = [{ hash: 'sha-256', value: identity.fingerprints['sha-256'] }];
    return {
      address: advertise,
      rtpPort: port,
      rtcpPort: port,
      ice: { ...this.#agent.credentials, candidates: hostCandidates(addresses, port) },
      ...(this.kind.keying === 'dtls' ? { fingerprints } : {}),
    };
  }

  /** New credentials; the old ones work until the peer has used these. */
  restart(): void {
    this.#agent.restart();
    this.#registerUsers();
  }

  addCandidates(candidates: readonly string[]): void {
    for (const text of candidates) {
      const candidate = parseCandidate(text);
      if (candidate === undefined) this.refusals.count('ice.candidate_unusable');
      else if (this.#checker === undefined) this.refusals.count('ice.candidate_unneeded');
      else this.#checker.add(candidate);
    }
  }

  /** Sources that the peer announced: known by them, it may turn up at a new address. */
  expectSsrcs(ssrcs: readonly number[]): void {
    for (const ssrc of ssrcs) this.#remember(ssrc | 0);
  }

  handleStun(message: StunMessage, datagram: Datagram, now: Millis): void {
    if (message.class === 'success' || message.class === 'error') {
      this.#checker?.handleResponse(message, datagram, now);
      return;
    }
    const { socket } = datagram;
    const outcome = this.#agent.handleCheck(
      message,
      socket,
      datagram.remote(),
      datagram.local(),
      now,
    );
    if (outcome === undefined) {
      this.refusals.count('stun.unauthenticated');
      return;
    }
    if (outcome.dropped !== undefined) this.#forget(outcome.dropped);
    if (outcome.tuple === undefined) {
      this.#replyOnce(datagram, outcome.reply);
      return;
    }
    if (outcome.isNew) this.#know(outcome.tuple);
    sendCopy(this.environment.packetIo, this.#pathOf(outcome.tuple), outcome.reply);
    if (this.#agent.ufrags.length < this.#users.length) this.#registerUsers();
    this.#sendToSelected(now);
    this.#observeLiveness(now);
  }

  receive(datagram: Datagram, kind: DatagramKind, isConfirmed: boolean, now: Millis): void {
    switch (kind) {
      case 'rtp':
        return this.takeRtp(datagram, now);
      case 'rtcp':
        return this.takeRtcp(datagram, now);
      case 'dtls':
        if (isConfirmed) return this.takeDtls(datagram, now);
        return this.refusals.count('dtls.unconfirmed');
      default:
        return this.refusals.count('datagram.unexpected');
    }
  }

  /** A silent NAT rebinding: only a packet that authenticates and is newer opens the address. */
  receiveRoaming(datagram: Datagram, kind: DatagramKind, now: Millis): void {
    if (kind !== 'rtp' || this.keys === undefined || !this.isConnected) {
      this.refusals.count('stranger.media');
      return;
    }
    const { bytes, offset } = datagram;
    const isSame = (ssrcOf(bytes, offset) | 0) === this.#newestSsrc;
    if (isSame && distance16(this.#newestSequence, sequenceOf(bytes, offset)) <= 0) {
      this.refusals.count('stranger.older');
      return;
    }
    this.#isRoaming = true;
    try {
      this.takeRtp(datagram, now);
    } finally {
      this.#isRoaming = false;
    }
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return (this.keys?.fetchAhead() ?? 0) | this.#newestSequence | this.owner.fetchAhead();
  }

  override close(now: Millis): void {
    super.close(now);
    this.release(now, () => this.#checker?.close());
    for (const tuple of [...this.#agent.tuples]) this.release(now, () => this.#forget(tuple));
    for (const { socket, remote } of this.#roaming) {
      this.#place.port.removeAddress(socket, remote, this);
    }
    for (const ufrag of this.#users) this.#place.port.removeUser(ufrag);
    for (const ssrc of this.#ssrcs) this.#place.port.removeSsrc(ssrc, this);
    this.rtpPath = undefined;
    this.rtcpPath = undefined;
  }

  beat(now: Millis): void {
    this.watchPatience(now);
    if (this.#agent.settle(now)) this.#sendToSelected(now);
    this.#observeLiveness(now);
  }

  /** A lite peer sends no checks: then we must (RFC 8445 §6.1.1). */
  protected locate(remote: RemoteTransport, now: Millis): void {
    if (remote.ice === undefined || !remote.ice.lite) return;
    this.#checker ??= new ConnectivityChecker(this.environment, {
      socket: this.#socket(),
      localUfrag: () => this.#agent.credentials.ufrag,
      expectAnswer: (id) => this.#place.port.expectAnswer(id, this),
      expectNoAnswer: (id) => this.#place.port.expectNoAnswer(id),
      confirmed: (tuple, at) => this.#confirmByCheck(tuple, at),
      unit: this.owner,
    });
    this.#checker.configure(remote.ice, now);
    if (remote.address !== undefined && remote.rtpPort !== undefined) {
      const candidate = parseCandidate(`1 1 udp 1 ${remote.address} ${remote.rtpPort} typ host`);
      if (candidate !== undefined) this.#checker.add(candidate);
    }
  }

  protected isPathConfirmed(): boolean {
    return this.rtpPath !== undefined;
  }

  /** Only known addresses get here, and known they became by proof. */
  protected admits(): boolean {
    return true;
  }

  protected authenticated(
    datagram: Datagram,
    isRtcp: boolean,
    ssrc: number,
    sequence: number,
  ): void {
    if (isRtcp) return;
    if (ssrc !== this.#newestSsrc) {
      this.#newestSsrc = ssrc;
      this.#newestSequence = sequence;
      this.#remember(ssrc);
    } else if (distance16(this.#newestSequence, sequence) > 0) {
      this.#newestSequence = sequence;
    }
    if (this.#isRoaming) this.#knowRoaming(datagram);
  }

  #knowRoaming(datagram: Datagram): void {
    const oldest =
      this.#roaming.length < MOST_RECEIVE_ONLY_TUPLES ? undefined : this.#roaming.shift();
    if (oldest !== undefined) this.#place.port.removeAddress(oldest.socket, oldest.remote, this);
    const address = { socket: datagram.socket, remote: datagram.remote() };
    this.#roaming.push(address);
    this.#place.port.addAddress(address.socket, address.remote, this, false);
  }

  #remember(ssrc: number): void {
    if (this.#ssrcs.includes(ssrc)) return;
    if (this.#ssrcs.length >= 2 * MOST_RECEIVED_STREAMS) {
      this.#place.port.removeSsrc(this.#ssrcs.shift()!, this);
    }
    this.#ssrcs.push(ssrc);
    this.#place.port.addSsrc(ssrc, this);
  }

  #confirmByCheck(tuple: IceTuple, now: Millis): void {
    this.#agent.confirm(tuple, now);
    this.#know(tuple);
    this.#sendToSelected(now);
    this.#observeLiveness(now);
  }

  #know(tuple: IceTuple): void {
    this.#place.port.addAddress(tuple.socket, tuple.remote, this, true);
  }

  #forget(tuple: IceTuple): void {
    this.#place.port.removeAddress(tuple.socket, tuple.remote, this);
    const path = this.#paths.get(tuple);
    if (path !== undefined) this.environment.packetIo.closePath(path);
    this.#paths.delete(tuple);
  }

  #pathOf(tuple: IceTuple): PathHandle {
    const known = this.#paths.get(tuple);
    if (known !== undefined) return known;
    const path = this.#openPath(tuple.socket, tuple.remote, tuple.local);
    this.#paths.set(tuple, path);
    return path;
  }

  #openPath(socket: number, remote: UdpAddress, local: UdpAddress): PathHandle {
    return this.environment.packetIo.openPath({
      socket: socket as SocketHandle,
      localAddress: hostText(local),
      remoteAddress: hostText(remote),
      remotePort: remote.port,
    });
  }

  /** An error earns no state: the path is opened for it alone. */
  #replyOnce(datagram: Datagram, reply: Uint8Array): void {
    const { packetIo } = this.environment;
    const path = this.#openPath(datagram.socket, datagram.remote(), datagram.local());
    sendCopy(packetIo, path, reply);
    packetIo.flush();
    packetIo.closePath(path);
  }

  #sendToSelected(now: Millis): void {
    const { selected } = this.#agent;
    if (selected === undefined) return;
    const path = this.#pathOf(selected);
    if (path === this.rtpPath) return;
    this.rtpPath = path;
    this.rtcpPath = path;
    this.proceed(now);
  }

  #observeLiveness(now: Millis): void {
    const before = this.#liveness;
    const liveness = this.#agent.liveness(now);
    this.#liveness = liveness;
    if (liveness === before) return;
    if (liveness === 'dead') this.owner.transportFailed('ice-failed', 'no check for 30 s', now);
    else if (liveness === 'interrupted') this.owner.transportInterrupted();
    else if (before === 'interrupted') this.owner.transportResumed();
  }

  #registerUsers(): void {
    for (const ufrag of this.#users) this.#place.port.removeUser(ufrag);
    this.#users = [...this.#agent.ufrags];
    for (const ufrag of this.#users) this.#place.port.addUser(ufrag, this);
  }

  #socket(): SocketHandle {
    return this.#place.port.sockets.get(this.#place.interface.bind)!;
  }
}
