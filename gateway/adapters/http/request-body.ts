/** Reads a request's body up to a limit. */
import type { IncomingMessage } from 'node:http';

/** Longer bodies and WebSocket messages are refused; the largest SDP is far smaller. */
export const MAX_BODY_BYTES = 128 * 1_024;

/** The body as text, or undefined if it is too long; rejects if the client goes away. */
export async function readBody(
  request: IncomingMessage,
  limit = MAX_BODY_BYTES,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
