/** Header extensions that mean the same to two legs are renumbered (RFC 8285). */
import type { ExtensionBinding } from '../../media-contract/contract.ts';

/** What speaks of the media itself. Everything else speaks of one leg's transport or SDP. */
const TRAVELLING = new Set([
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:ietf:params:rtp-hdrext:csrc-audio-level',
  'urn:3gpp:video-orientation',
]);
const IDS = 256;

export const MID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/** New ids by old ones, zero for what stays behind; undefined if nothing can travel. */
export function mapExtensions(
  from: readonly ExtensionBinding[],
  to: readonly ExtensionBinding[],
): Uint8Array | undefined {
  const ids = new Uint8Array(IDS);
  let travels = false;
  for (const extension of from) {
    if (!TRAVELLING.has(extension.uri)) continue;
    const counterpart = to.find((other) => other.uri === extension.uri);
    if (counterpart === undefined) continue;
    ids[extension.id] = counterpart.id;
    travels = true;
  }
  return travels ? ids : undefined;
}
