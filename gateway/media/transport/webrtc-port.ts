/** The one UDP port of all WebRTC peers: finds whose a datagram is, and is silent to strangers. */
import type { Millis } from '../../core/time.ts';
import type { PacketIo, SocketHandle } from '../../native/contract.ts';
import { classify, type DatagramKind } from '../../wire/classify.ts';
import { ssrcOf } from '../../wire/rtp/header.ts';
import type { StunMessage } from '../../wire/stun/message.ts';
import { parseStun } from '../../wire/stun/parse.ts';
import { AddressTable } from '../address-table.ts';
import type { Datagram } from '../datagram.ts';
import { localUfragOf } from '../ice/credentials.ts';
import type { ContainmentUnit, DatagramSink, PacketLoop } from '../packet-loop.ts';
import type { Refusals } from '../refusals.ts';
import { EXPEDITED_FORWARDING } from '../rtp-ports.ts';
import type { UdpAddress } from '../udp-address.ts';

/** A leg's transport as the port knows it. */
export interface WebRtcPeer {
  readonly unit: ContainmentUnit;
  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number;
  /** A STUN message that names the peer's leg, or answers a check of its own. */
  handleStun(message: StunMessage, datagram: Datagram, now: Millis): void;
  receive(datagram: Datagram, kind: DatagramKind, isConfirmed: boolean, now: Millis): void;
  /** From an address of nobody's, with an SSRC of the peer's: whether it proves to be its own. */
  receiveRoaming(datagram: Datagram, kind: DatagramKind, now: Millis): void;
}

interface KnownAddress {
  readonly peer: WebRtcPeer;
  /** Confirmed by a check; else known from authenticated SRTP only. */
  readonly isConfirmed: boolean;
}

const SHORTEST_RTP_OR_RTCP_BYTES = 12;
const RTCP_SSRC_SHIFT = 4;

export class WebRtcPort implements DatagramSink {
  readonly #packetIo: PacketIo;
  readonly #loop: PacketLoop;
  readonly #refusals: Refusals;
  readonly #users = new Map<string, WebRtcPeer>();
  readonly #addresses = new AddressTable<KnownAddress>();
  readonly #ssrcs = new Map<number, WebRtcPeer>();
  /** Checks of our own that wait for an answer, by transaction id. */
  readonly #checks = new Map<string, WebRtcPeer>();
  readonly #sockets = new Map<string, SocketHandle>();

  constructor(packetIo: PacketIo, loop: PacketLoop, refusals: Refusals) {
    this.#packetIo = packetIo;
    this.#loop = loop;
    this.#refusals = refusals;
  }

  /** Binds another local address; the port is the same on each. Throws the native error. */
  bind(address: string, port: number): void {
    if (this.#sockets.has(address)) return;
    const trafficClass = EXPEDITED_FORWARDING;
    const { handle } = this.#packetIo.openSocket({ address, port, trafficClass, ...BUFFERS });
    this.#sockets.set(address, handle);
    this.#loop.listen(handle, this);
  }

  /** Sockets by the address that they are bound to. */
  get sockets(): ReadonlyMap<string, SocketHandle> {
    return this.#sockets;
  }

  /** What it remembers of peers; nothing of strangers. */
  get remembered(): number {
    return this.#users.size + this.#addresses.size + this.#ssrcs.size + this.#checks.size;
  }

  addUser(ufrag: string, peer: WebRtcPeer): void {
    this.#users.set(ufrag, peer);
  }

  removeUser(ufrag: string): void {
    this.#users.delete(ufrag);
  }

  addAddress(socket: number, remote: UdpAddress, peer: WebRtcPeer, isConfirmed: boolean): void {
    this.#addresses.set(socket, remote, { peer, isConfirmed });
  }

  removeAddress(socket: number, remote: UdpAddress, peer: WebRtcPeer): void {
    if (this.#addresses.peek(socket, remote)?.peer === peer) {
      this.#addresses.delete(socket, remote);
    }
  }

  expectAnswer(transactionId: string, peer: WebRtcPeer): void {
    this.#checks.set(transactionId, peer);
  }

  expectNoAnswer(transactionId: string): void {
    this.#checks.delete(transactionId);
  }

  addSsrc(ssrc: number, peer: WebRtcPeer): void {
    this.#ssrcs.set(ssrc | 0, peer);
  }

  removeSsrc(ssrc: number, peer: WebRtcPeer): void {
    if (this.#ssrcs.get(ssrc | 0) === peer) this.#ssrcs.delete(ssrc | 0);
  }

  receive(datagram: Datagram, now: Millis, loop: PacketLoop): void {
    const kind = classify(datagram.bytes, datagram.offset, datagram.length);
    const known = this.#addresses.find(datagram);
    if (kind === 'stun') {
      this.#receiveStun(datagram, now, loop);
    } else if (known !== undefined) {
      loop.unit = known.peer.unit;
      known.peer.receive(datagram, kind, known.isConfirmed, now);
    } else {
      this.#receiveFromStranger(datagram, kind, now, loop);
    }
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(datagram: Datagram): number {
    return this.#addresses.find(datagram)?.peer.fetchAhead() ?? 0;
  }

  close(): void {
    for (const socket of this.#sockets.values()) {
      this.#loop.forget(socket);
      this.#packetIo.closeSocket(socket);
    }
    this.#sockets.clear();
  }

  #receiveStun(datagram: Datagram, now: Millis, loop: PacketLoop): void {
    const parsed = parseStun(datagram.bytes, datagram.offset, datagram.length);
    if (!parsed.ok) {
      this.#refusals.count('stun.malformed');
      return;
    }
    const peer = this.#peerOf(parsed.value);
    if (peer === undefined) {
      this.#refusals.count('stun.unknown_user');
      return;
    }
    loop.unit = peer.unit;
    peer.handleStun(parsed.value, datagram, now);
  }

  /** Requests name their leg; an answer is known by what it answers. */
  #peerOf(message: StunMessage): WebRtcPeer | undefined {
    if (message.class === 'success' || message.class === 'error') {
      return this.#checks.get(Buffer.from(message.transactionId).toString('hex'));
    }
    const ufrag = localUfragOf(message.username);
    return ufrag === undefined ? undefined : this.#users.get(ufrag);
  }

  #receiveFromStranger(
    datagram: Datagram,
    kind: DatagramKind,
    now: Millis,
    loop: PacketLoop,
  ): void {
    const isMedia = kind === 'rtp' || kind === 'rtcp';
    if (!isMedia || datagram.length < SHORTEST_RTP_OR_RTCP_BYTES) {
      this.#refusals.count(`stranger.${kind}`);
      return;
    }
    const shift = kind === 'rtcp' ? RTCP_SSRC_SHIFT : 0;
    const peer = this.#ssrcs.get(ssrcOf(datagram.bytes, datagram.offset - shift) | 0);
    if (peer === undefined) {
      this.#refusals.count('stranger.media');
      return;
    }
    loop.unit = peer.unit;
    peer.receiveRoaming(datagram, kind, now);
  }
}

/** Bursts of hundreds of peers share this one socket. */
const BUFFERS = { receiveBufferBytes: 4 * 1024 * 1024, sendBufferBytes: 4 * 1024 * 1024 };
