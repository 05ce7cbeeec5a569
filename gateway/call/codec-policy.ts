/** Which codecs a leg is offered or answered with, and in which order. */
import type { Codec, RemoteDescription, RemoteMedia } from '../offer-answer/description.ts';

/** Payload types are those that browsers use, so that a relayed call need not map them. */
const AUDIO: { readonly [name: string]: Codec } = {
  opus: codec('opus', 111, 48_000, 2, { minptime: '10', useinbandfec: '1' }),
  g722: codec('g722', 9, 8000, 1, {}),
  pcmu: codec('pcmu', 0, 8000, 1, {}),
  pcma: codec('pcma', 8, 8000, 1, {}),
};

/** RFC 4733 at the clock of every codec above, since the event rate must equal the codec's. */
const EVENTS = [
  codec('telephone-event', 101, 8000, 1, { '0-16': '' }),
  codec('telephone-event', 110, 48_000, 1, { '0-16': '' }),
];

/** Every audio codec that we carry, best first. */
export const CARRIED_AUDIO: readonly string[] = ['opus', 'g722', 'pcmu', 'pcma'];

/** Codecs that the codec path can turn into each other; the rest are relayed or not used. */
const TRANSCODED: ReadonlySet<string> = new Set(['opus', 'pcmu', 'pcma']);

/**
 * What to offer a callee: first what the caller offered, in the caller's order, so that nothing
 * need be transcoded; then what we can transcode to. Nothing that the callee's policy leaves out.
 */
export function offeredCodecs(
  callerCodecs: readonly string[] | undefined,
  policy: readonly string[],
): Codec[] {
  const allowed = policy.filter((name) => AUDIO[name] !== undefined);
  const shared = (callerCodecs ?? []).filter((name) => allowed.includes(name));
  const transcoded = allowed.filter((name) => TRANSCODED.has(name) && !shared.includes(name));
  return withEvents([...shared, ...transcoded]);
}

/**
 * What to answer a caller with: what the far leg speaks first, then the caller's own order.
 * Offer/answer leaves out what the caller did not offer.
 */
export function answeredCodecs(
  callerCodecs: readonly string[],
  policy: readonly string[],
  farCodecs: readonly string[],
): Codec[] {
  const allowed = callerCodecs.filter((name) => policy.includes(name) && AUDIO[name] !== undefined);
  const shared = farCodecs.filter((name) => allowed.includes(name));
  return withEvents([...shared, ...allowed.filter((name) => !shared.includes(name))]);
}

/** The audio codecs of the first audio m-line, best first, without events and noise. */
export function audioCodecNames(description: RemoteDescription): string[] {
  const audio = firstAudio(description);
  if (audio === undefined) return [];
  const names = audio.codecs.map(({ name }) => name).filter((name) => AUDIO[name] !== undefined);
  return [...new Set(names)];
}

export function firstAudio(description: RemoteDescription): RemoteMedia | undefined {
  return description.lines.find((line): line is RemoteMedia => line.kind === 'audio');
}

function withEvents(names: readonly string[]): Codec[] {
  const codecs = names.flatMap((name) => AUDIO[name] ?? []);
  const rates = new Set(codecs.map(({ clockRate }) => clockRate));
  return [...codecs, ...EVENTS.filter(({ clockRate }) => rates.has(clockRate))];
}

function codec(
  name: string,
  payloadType: number,
  clockRate: number,
  channels: number,
  parameters: { readonly [name: string]: string },
): Codec {
  return { name, payloadType, clockRate, channels, parameters, feedback: [] };
}
