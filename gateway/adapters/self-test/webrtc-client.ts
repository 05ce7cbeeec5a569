/** The WebRTC client of the test call: the only file of the product that loads werift. */
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket,
} from 'werift';
import { type Result, succeed } from '../../core/result.ts';
import { type EchoFault, failEcho } from '../../ops/self-test/echo-outcome.ts';
import type { MediaClient } from './test-call.ts';

const CONNECT_MS = 8_000;
const OPUS_PAYLOAD_TYPE = 111;
/** Of 20 ms (RFC 7587 §4.1). */
const OPUS_TICKS = 960;
const OPUS = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  payloadType: OPUS_PAYLOAD_TYPE,
});
/** Whoever is not on this machine can't send it anything. */
const IPV4_LOOPBACK = '127.0.0.1';
const IPV6_LOOPBACK = '::1';
/**
 * Without a STUN server the library asks a public one. It is given one instead that is on this
 * machine and not there, by address, so that no name is looked up and nobody is asked.
 */
const NO_STUN_SERVER = 'stun:127.0.0.1:9';

export class WebRtcClient implements MediaClient {
  readonly #connection: RTCPeerConnection;
  readonly #track = new MediaStreamTrack({ kind: 'audio' });
  #sent = 0;

  constructor(returned: (payload: Buffer) => void) {
    this.#connection = new RTCPeerConnection({
      iceServers: [{ urls: NO_STUN_SERVER }],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: [IPV4_LOOPBACK, IPV6_LOOPBACK],
      iceInterfaceAddresses: { udp4: IPV4_LOOPBACK, udp6: IPV6_LOOPBACK },
      codecs: { audio: [OPUS] },
    });
    this.#connection.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ payload }) => returned(payload));
    });
    this.#connection.addTransceiver(this.#track, { direction: 'sendrecv' });
  }

  /** Without candidates: a gateway that is ICE-lite learns ours from our checks (RFC 8445 §7.3). */
  async offer(): Promise<string> {
    const offer = await this.#connection.createOffer();
    // Resolves when the STUN server has not answered for long enough, or fails as we close.
    this.#connection.setLocalDescription(offer).catch(() => {});
    return offer.sdp;
  }

  async connect(answer: string, where: string): Promise<Result<void, EchoFault>> {
    try {
      await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      return failEcho('echo.no-answer', `its description is not understood: ${String(error)}`);
    }
    if (await this.#isConnected()) return succeed(undefined);
    // Begun once a pair of addresses works; the library's state of ICE itself doesn't tell.
    const isIceUp = this.#connection.dtlsTransports.some(({ state }) => state !== 'new');
    return failEcho(isIceUp ? 'echo.dtls-failed' : 'echo.ice-failed', where);
  }

  send(payload: Buffer): void {
    const header = new RtpHeader({
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: this.#sent,
      timestamp: this.#sent * OPUS_TICKS,
    });
    this.#sent += 1;
    this.#track.writeRtp(new RtpPacket(header, payload));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #isConnected(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), CONNECT_MS);
      const look = () => {
        const { connectionState } = this.#connection;
        if (connectionState !== 'connected' && connectionState !== 'failed') return;
        clearTimeout(timer);
        resolve(connectionState === 'connected');
      };
      this.#connection.connectionStateChange.subscribe(look);
      look();
    });
  }
}
