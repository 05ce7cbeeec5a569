/**
 * A WebRTC peer without a browser: ICE with valid credentials, DTLS honest or forged, numbered
 * media.
 */
import { randomBytes } from 'node:crypto';
import { bindingRequest, isBindingSuccess } from './binding-request.ts';
import { DtlsPeer, type Forgery } from './dtls-peer.ts';
import { NumberedMedia } from './numbered-media.ts';
import { type Place, UdpEnd } from './udp-end.ts';

/** What the gateway's description tells of its side. */
export interface GatewaySide {
  readonly place: Place;
  readonly ufrag: string;
  readonly password: string;
}

export interface WebRtcPeerOptions {
  readonly address: string;
  readonly role?: 'client' | 'server';
  readonly forgery?: Forgery;
}

const FIRST_CHECK_MS = 50;
const CHECK_MS = 2_000;

export class WebRtcPeer {
  readonly end: UdpEnd;
  readonly dtls: DtlsPeer;
  readonly media: NumberedMedia;
  readonly ufrag = randomBytes(4).toString('hex');
  readonly password = randomBytes(16).toString('hex');
  /** The DTLS datagrams that this peer sent, as they went over the wire. */
  readonly sentDtls: Buffer[] = [];
  #gateway: GatewaySide | undefined;
  #checks: NodeJS.Timeout | undefined;
  #hasPath = false;
  #answersToChecks = 0;

  private constructor(end: UdpEnd, dtls: DtlsPeer) {
    this.end = end;
    this.media = new NumberedMedia(end);
    this.dtls = dtls;
    dtls.onOutgoing = (datagram) => this.#sendDtls(datagram);
    end.onDatagram = (datagram) => this.#receive(datagram);
    void this.dtls.connected.then((keys) => this.media.useKeys(keys));
  }

  static async open(options: WebRtcPeerOptions): Promise<WebRtcPeer> {
    const end = await UdpEnd.open(options.address);
    const { role = 'client', forgery = 'none' } = options;
    return new WebRtcPeer(end, await DtlsPeer.make({ role, forgery }));
  }

  get answersToChecks(): number {
    return this.#answersToChecks;
  }

  /** Begins to check; DTLS follows once a check was answered, media once DTLS is done. */
  connect(gateway: GatewaySide): void {
    this.#gateway = gateway;
    this.media.remote = gateway.place;
    this.#check();
  }

  /** Resolves when this peer believes itself connected. */
  async connected(): Promise<void> {
    await this.dtls.connected;
  }

  close(): void {
    clearTimeout(this.#checks);
    this.media.stop();
    this.dtls.stop();
    this.end.close();
  }

  #check(): void {
    const gateway = this.#gateway!;
    const username = `${gateway.ufrag}:${this.ufrag}`;
    this.end.send(bindingRequest({ username, password: gateway.password }), gateway.place);
    const wait = this.#hasPath ? CHECK_MS : FIRST_CHECK_MS;
    this.#checks = setTimeout(() => this.#check(), wait);
  }

  #sendDtls(datagram: Buffer): void {
    this.sentDtls.push(datagram);
    if (this.#gateway !== undefined) this.end.send(datagram, this.#gateway.place);
  }

  #receive(datagram: Buffer): boolean {
    if (isBindingSuccess(datagram)) {
      this.#answersToChecks += 1;
      if (!this.#hasPath) {
        this.#hasPath = true;
        this.dtls.start();
      }
      return true;
    }
    const first = datagram[0] ?? 0;
    if (first >= 20 && first <= 63) {
      this.dtls.receive(datagram);
      return true;
    }
    return this.media.take(datagram);
  }
}
