/** What becomes of each payload type between two m-lines: passed on, converted, or dropped. */
import type { CodecBinding, MediaPlan } from '../../media-contract/contract.ts';

/**
 * `relay`: the same codec on both sides · `event`: a telephone-event · `transcode` · `drop`.
 */
export type PayloadRoute =
  | { readonly kind: 'relay'; readonly from: CodecBinding; readonly to: CodecBinding }
  | { readonly kind: 'event'; readonly from: CodecBinding; readonly to: CodecBinding }
  | { readonly kind: 'transcode'; readonly from: CodecBinding; readonly to: CodecBinding }
  | { readonly kind: 'drop'; readonly from: CodecBinding };

export type PayloadRoutes = ReadonlyMap<number, PayloadRoute>;

const EVENT = 'telephone-event';
/** Not media of their own: never a source or a target of conversion. */
const AUXILIARY = new Set([EVENT, 'cn', 'red', 'ulpfec', 'flexfec-03', 'rtx']);

export function routePayloads(
  from: MediaPlan,
  to: MediaPlan,
  canTranscode: (from: string, to: string) => boolean,
): PayloadRoutes {
  const routes = new Map<number, PayloadRoute>();
  for (const codec of from.receive) {
    if (!routes.has(codec.payloadType)) {
      routes.set(codec.payloadType, routeOf(codec, to, canTranscode));
    }
  }
  return routes;
}

/** What is sent if something has to be made: the peer's first choice that carries media. */
export function firstMediaCodec(codecs: readonly CodecBinding[]): CodecBinding | undefined {
  return codecs.find((codec) => !AUXILIARY.has(codec.name));
}

/** The telephone-event that goes with a codec: of its clock, else any (RFC 4733 §2.1). */
export function eventBinding(
  codecs: readonly CodecBinding[],
  clockRate: number | undefined,
): CodecBinding | undefined {
  const events = codecs.filter((codec) => codec.name === EVENT);
  return events.find((event) => event.clockRate === clockRate) ?? events[0];
}

function routeOf(
  from: CodecBinding,
  plan: MediaPlan,
  canTranscode: (from: string, to: string) => boolean,
): PayloadRoute {
  if (from.name === EVENT) {
    const to = eventBinding(plan.send, firstMediaCodec(plan.send)?.clockRate);
    return to === undefined ? { kind: 'drop', from } : { kind: 'event', from, to };
  }
  const same = plan.send.find((to) => isSameCodec(from, to));
  if (same !== undefined) return { kind: 'relay', from, to: same };
  if (AUXILIARY.has(from.name) || plan.kind !== 'audio') return { kind: 'drop', from };
  const to = plan.send.find(
    (codec) => !AUXILIARY.has(codec.name) && canTranscode(from.name, codec.name),
  );
  return to === undefined ? { kind: 'drop', from } : { kind: 'transcode', from, to };
}

function isSameCodec(a: CodecBinding, b: CodecBinding): boolean {
  const isSameFormat = a.name === b.name && a.clockRate === b.clockRate;
  // Opus is always declared with two channels, and some phones leave that out (RFC 7587 §7).
  return isSameFormat && (a.channels === b.channels || a.name === 'opus');
}
