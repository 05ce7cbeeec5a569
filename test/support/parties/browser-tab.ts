/**
 * A page with a phone in it, without a browser: the Janus API, ICE, DTLS-SRTP and numbered media.
 */

import type { DtlsPeer, Forgery } from '../attack/dtls-peer.ts';
import type { NumberedMedia } from '../attack/numbered-media.ts';
import { WebRtcPeer } from '../attack/web-rtc-peer.ts';
import { type BrowserCodec, browserDescription, iceSideIn, PAYLOAD_TYPES } from './descriptions.ts';
import { JanusClient, type JanusEvent } from './janus-client.ts';
import { inTime } from './waiting.ts';

const DTLS_ALERT = 21;
/** 20 ms of silence (RFC 6716 §3.1: CELT, full band, one frame). */
const OPUS_SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const OPUS_SAMPLES = 960;

export interface TabOptions {
  /** Of the Janus API, over WebSocket. */
  readonly url: string;
  /** Where its media comes from. */
  readonly address: string;
  /** Registers as a guest under this SIP address. */
  readonly as: string;
  /** The only one that it has. */
  readonly codec?: BrowserCodec;
  /** What it does wrong in DTLS, though its ICE is right. */
  readonly forgery?: Forgery;
}

export class BrowserTab {
  readonly janus: JanusClient;
  readonly #address: string;
  readonly #codec: BrowserCodec;
  readonly #forgery: Forgery;
  #peer: WebRtcPeer | undefined;
  #tellClosed: () => void = () => {};
  #closed: Promise<void> = Promise.resolve();

  private constructor(janus: JanusClient, options: TabOptions) {
    const { address, codec = 'pcmu', forgery = 'none' } = options;
    this.janus = janus;
    this.#address = address;
    this.#codec = codec;
    this.#forgery = forgery;
  }

  static async open(options: TabOptions): Promise<BrowserTab> {
    const { url, as } = options;
    const janus = await JanusClient.open(url, 'janus.plugin.sip');
    janus.say({ request: 'register', type: 'guest', username: as });
    await janus.hears('registered');
    return new BrowserTab(janus, options);
  }

  get media(): NumberedMedia {
    return this.#peer!.media;
  }

  /** The keys of the handshake, as this side sees it. */
  get dtls(): DtlsPeer {
    return this.#peer!.dtls;
  }

  async call(uri: string): Promise<void> {
    const sdp = browserDescription(await this.#newPeer(), 'offer', this.#codec);
    this.janus.say({ request: 'call', uri }, { type: 'offer', sdp });
  }

  /** The called party has answered; resolves once media can flow. */
  async answered(): Promise<void> {
    await this.#connect(await this.#answer());
  }

  /** The same for one who will never be connected: it begins to shake hands. */
  async answeredInVain(): Promise<void> {
    this.#peer!.connect(iceSideIn(await this.#answer()));
  }

  /** Resolves with the offer of the next call that comes. */
  async rings(): Promise<JanusEvent> {
    return this.janus.hears('incomingcall');
  }

  async accept({ jsep }: JanusEvent): Promise<void> {
    const sdp = browserDescription(await this.#newPeer(), 'answer', this.#codec);
    this.janus.say({ request: 'accept' }, { type: 'answer', sdp });
    await this.janus.hears('accepted');
    await this.#connect(jsep?.sdp ?? '');
  }

  hangUp(): void {
    this.janus.say({ request: 'hangup' });
  }

  /** Resolves with what the page is told of the end of its call. */
  over(withinMs?: number): Promise<JanusEvent> {
    return this.janus.hears('hangup', withinMs);
  }

  /** Resolves once the gateway has closed the media path by an alert of DTLS. */
  async mediaCloses(withinMs?: number): Promise<void> {
    await inTime(this.#closed, 'the end of the media path', withinMs);
  }

  /** The peer connection is no more; signalling is. */
  closeMedia(): void {
    this.#peer?.close();
    this.#peer = undefined;
  }

  /** The tab is closed, without a word to anybody. */
  close(): void {
    this.closeMedia();
    this.janus.lose();
  }

  async #answer(): Promise<string> {
    const { jsep } = await this.janus.hears('accepted');
    return jsep?.sdp ?? '';
  }

  async #newPeer() {
    this.closeMedia();
    const peer = await WebRtcPeer.open({ address: this.#address, forgery: this.#forgery });
    this.#peer = peer;
    if (this.#codec === 'opus') {
      peer.media.nextFrame = () => ({
        payloadType: PAYLOAD_TYPES.opus,
        octets: OPUS_SILENCE,
        samples: OPUS_SAMPLES,
      });
    }
    this.#closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
    const take = peer.end.onDatagram;
    peer.end.onDatagram = (datagram, from) => {
      if (datagram[0] === DTLS_ALERT) this.#tellClosed();
      return take(datagram, from);
    };
    const { ufrag, password, dtls } = peer;
    return { ufrag, password, fingerprint: dtls.promise };
  }

  async #connect(sdp: string): Promise<void> {
    this.#peer!.connect(iceSideIn(sdp));
    await inTime(this.#peer!.connected(), 'DTLS with the gateway');
  }
}
