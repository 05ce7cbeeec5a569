/** A page with a phone in it, without a browser: the Janus API, ICE, DTLS-SRTP and numbered media. */

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
}

export class BrowserTab {
  readonly janus: JanusClient;
  readonly #address: string;
  readonly #codec: BrowserCodec;
  #peer: WebRtcPeer | undefined;
  #tellClosed: () => void = () => {};
  #closed: Promise<void> = Promise.resolve();

  private constructor(janus: JanusClient, address: string, codec: BrowserCodec) {
    this.janus = janus;
    this.#address = address;
    this.#codec = codec;
  }

  static async open(options: TabOptions): Promise<BrowserTab> {
    const { url, address, as, codec = 'pcmu' } = options;
    const janus = await JanusClient.open(url, 'janus.plugin.sip');
    janus.say({ request: 'register', type: 'guest', username: as });
    await janus.hears('registered');
    return new BrowserTab(janus, address, codec);
  }

  get media(): NumberedMedia {
    return this.#peer!.media;
  }

  async call(uri: string): Promise<void> {
    const sdp = browserDescription(await this.#newPeer(), 'offer', this.#codec);
    this.janus.say({ request: 'call', uri }, { type: 'offer', sdp });
  }

  /** The called party has answered; resolves once media can flow. */
  async answered(): Promise<void> {
    const { jsep } = await this.janus.hears('accepted');
    await this.#connect(jsep?.sdp ?? '');
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

  async #newPeer() {
    this.closeMedia();
    const peer = await WebRtcPeer.open({ address: this.#address });
    this.#peer = peer;
    if (this.#codec === 'opus') {
      peer.media.frame = {
        payloadType: PAYLOAD_TYPES.opus,
        octets: OPUS_SILENCE,
        samples: OPUS_SAMPLES,
      };
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
