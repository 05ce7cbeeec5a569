/** The process of the test call: a WebRTC client that calls this gateway's echo and measures it. */
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket,
} from 'werift';
import type { EchoFacts } from '../../ops/self-test/echo-verdict.ts';
import type { EchoReply, EchoRequest } from './echo-request.ts';
import { EchoSignalling } from './echo-signalling.ts';
import { NumberedPayloads } from './numbered-payloads.ts';

const PACKETS = 150;
const PACKET_MS = 20;
const OPUS_TICKS = 960;
const LAST_ECHO_MS = 300;
const CONNECT_MS = 10_000;
const OPUS = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  payloadType: 111,
});

const request: EchoRequest = JSON.parse(await text(process.stdin));
const reply = await call(request).then(
  (facts): EchoReply => ({ ok: true, facts }),
  (error): EchoReply => ({ ok: false, detail: error instanceof Error ? error.message : 'failed' }),
);
process.stdout.write(JSON.stringify(reply), () => process.exit(0));

async function call(to: EchoRequest): Promise<EchoFacts> {
  const begun = performance.now();
  const signalling = await EchoSignalling.open(to);
  // Without a STUN server the library asks one of its own choice; this one leads nowhere, so that
  // nobody but the gateway is asked for anything.
  const connection = new RTCPeerConnection({
    iceServers: [{ urls: 'stun:127.0.0.1:9' }],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs: { audio: [OPUS] },
  });
  try {
    const echo = new NumberedPayloads();
    connection.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => echo.returned(packet.payload));
    });
    const track = new MediaStreamTrack({ kind: 'audio' });
    connection.addTransceiver(track, { direction: 'sendrecv' });
    const offer = await connection.createOffer();
    // Not awaited: it waits for that server in vain. The addresses of this machine are there at
    // once, and an ICE-lite gateway needs none of them in the offer.
    connection.setLocalDescription(offer).catch(() => {});
    const answer = await signalling.offer(offer.sdp);
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    await connected(connection);
    const setUpMs = performance.now() - begun;
    await sendAll(track, echo);
    return { setUpMs, codec: codecIn(answer), ...echo.facts() };
  } finally {
    await connection.close();
    signalling.close();
  }
}

async function connected(connection: RTCPeerConnection): Promise<void> {
  const until = performance.now() + CONNECT_MS;
  while (connection.connectionState !== 'connected') {
    const { iceConnectionState } = connection;
    if (connection.connectionState === 'failed' || performance.now() > until) {
      throw new Error(`sound could not connect (ICE ${iceConnectionState})`);
    }
    await wait(1);
  }
}

async function sendAll(track: MediaStreamTrack, echo: NumberedPayloads): Promise<void> {
  const begun = performance.now();
  for (let index = 0; index < PACKETS; index += 1) {
    await wait(Math.max(0, begun + index * PACKET_MS - performance.now()));
    const header = new RtpHeader({
      payloadType: 111,
      sequenceNumber: index,
      timestamp: index * OPUS_TICKS,
    });
    track.writeRtp(new RtpPacket(header, echo.next()));
  }
  await wait(LAST_ECHO_MS);
}

function codecIn(sdp: string): string {
  return /^a=rtpmap:\d+ ([^/\s]+)/m.exec(sdp)?.[1] ?? 'an unknown codec';
}
