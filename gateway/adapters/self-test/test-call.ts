/** The test call, stage by stage: WebSocket, echo, offer and answer, ICE, DTLS, numbered sound. */
import { type Result, succeed } from '../../core/result.ts';
import type { Millis } from '../../core/time.ts';
import { answerFromHere, codecOf, placesOf } from '../../ops/self-test/answer-from-here.ts';
import { type EchoFault, type EchoOutcome, failEcho } from '../../ops/self-test/echo-outcome.ts';
import type { EchoRequest } from './echo-request.ts';
import { NumberedPayloads } from './numbered-payloads.ts';

const PACKETS = 150;
const PACKET_MS = 20;
/** How long the last ones may take to come back. */
const LAST_RETURN_MS = 500;

/** A session with the echo of the gateway. */
export interface Signalling {
  offer(sdp: string): Promise<Result<string, EchoFault>>;
  /** Ends the session at the gateway too. */
  close(): Promise<void>;
}

/** A WebRTC client with one stream of audio. */
export interface MediaClient {
  offer(): Promise<string>;
  /** Resolves once sound can flow; what holds it is `where` the answer wants its packets. */
  connect(answer: string, where: string): Promise<Result<void, EchoFault>>;
  send(payload: Buffer): void;
  close(): Promise<void>;
}

export interface CallMeans {
  readonly openSignalling: (request: EchoRequest) => Promise<Result<Signalling, EchoFault>>;
  /** Rejects with Node's ERR_MODULE_NOT_FOUND where the client's library is missing. */
  readonly openClient: (returned: (payload: Buffer) => void) => Promise<MediaClient>;
  /** A monotonic clock. */
  readonly now: () => Millis;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** Whatever it ends with, it leaves nothing behind, here or at the gateway. */
export async function placeTestCall(request: EchoRequest, means: CallMeans): Promise<EchoOutcome> {
  const payloads = new NumberedPayloads(means.now);
  const client = await openClient(means, payloads);
  if (!client.ok) return client;
  try {
    const signalling = await means.openSignalling(request);
    if (!signalling.ok) return signalling;
    try {
      return await callThrough(client.value, signalling.value, request, payloads, means);
    } finally {
      await signalling.value.close();
    }
  } finally {
    await client.value.close();
  }
}

async function openClient(
  means: CallMeans,
  payloads: NumberedPayloads,
): Promise<Result<MediaClient, EchoFault>> {
  try {
    return succeed(await means.openClient((payload) => payloads.returned(payload)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return failEcho('echo.not-installed', /package '([^']+)'/.exec(message)?.[1] ?? 'its client');
  }
}

async function callThrough(
  client: MediaClient,
  signalling: Signalling,
  { addresses }: EchoRequest,
  payloads: NumberedPayloads,
  means: CallMeans,
): Promise<EchoOutcome> {
  const offeredAt = means.now();
  const answer = await signalling.offer(await client.offer());
  if (!answer.ok) return answer;
  const sdp = answerFromHere(answer.value, addresses);
  const connected = await client.connect(sdp, placesOf(sdp));
  if (!connected.ok) return connected;
  await sendAll(client, payloads, means);
  const { sent, roundTripsMs, firstReturnAt } = payloads;
  if (firstReturnAt === undefined) return failEcho('echo.no-sound', `${sent} packets were sent`);
  const setUpMs = firstReturnAt - offeredAt;
  return succeed({
    setUpMs,
    codec: codecOf(sdp),
    sent,
    returned: roundTripsMs.length,
    roundTripsMs,
  });
}

/** On a schedule of its own, so that a late packet delays none of the others. */
async function sendAll(
  client: MediaClient,
  payloads: NumberedPayloads,
  { now, wait }: CallMeans,
): Promise<void> {
  const begunAt = now();
  while (payloads.sent < PACKETS) {
    client.send(payloads.next());
    await wait(Math.max(0, begunAt + payloads.sent * PACKET_MS - now()));
  }
  await wait(LAST_RETURN_MS);
}
