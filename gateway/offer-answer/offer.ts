/** Makes our offers, the first and later ones (RFC 3264 §5, §8; RFC 9143 §7.2; RFC 9429 §5.2). */
import { fail, type Result, succeed } from '../core/result.ts';
import type { SdpMedia } from '../wire/sdp/session-description.ts';
import { requiredParameters } from './agreed-media.ts';
import { OFFERED_SETUP } from './agreed-transport.ts';
import { bindPayloadTypes } from './codec-match.ts';
import type {
  LocalMedia,
  NegotiatedLine,
  Negotiation,
  OfferedMedia,
  PayloadTypeBindings,
  TransportKind,
  TransportParameters,
} from './description.ts';
import { bindExtensions } from './extension-ids.ts';
import { describeLocally, type LocalDescription, lineOf } from './local-description.ts';
import { type MediaSection, writeDisabledSection } from './media-section.ts';
import { offeredProtocol } from './transport-kind.ts';

/**
 * Offers `media`. Every m-line that there ever was keeps its place; one that has no media any more
 * is disabled. Fault: `offer_answer.offer_pending`.
 */
export function makeOffer(
  negotiation: Negotiation,
  media: readonly LocalMedia[],
): Result<LocalDescription> {
  if (negotiation.pending) return fail('offer_answer.offer_pending', 'glare is the caller’s');
  const places = placeMedia(negotiation.lines, media);
  let { receiveBindings, extensionBindings } = negotiation;
  const offered: OfferedMedia[] = [];
  const sections: (MediaSection | SdpMedia)[] = [];
  for (const [index, place] of places.entries()) {
    if (place.local === undefined) {
      sections.push(writeDisabledSection(place.line!));
      continue;
    }
    const bound = bindOfferedCodecs(receiveBindings, place.local);
    receiveBindings = bound.bindings;
    const { extensions, bindings } = bindExtensions(extensionBindings, place.local.extensions);
    extensionBindings = bindings;
    const mid = negotiation.transportKind.ice ? (place.line?.mid ?? newMid(places)) : undefined;
    const one = { index, ...(mid !== undefined && { mid }), local: place.local };
    place.mid = mid;
    offered.push({ ...one, codecs: bound.codecs, extensions });
    sections.push(offeredSection(negotiation, place, offered));
  }
  const lines = sections.map(lineOf);
  return succeed(
    describeLocally(
      { ...negotiation, receiveBindings, extensionBindings, pending: { media: offered, lines } },
      sections,
    ),
  );
}

/** Where media goes: a line that is there already, or a new one. */
interface Place {
  readonly line?: NegotiatedLine;
  local?: LocalMedia;
  mid?: string;
}

/** Lines in use come first, then disabled ones of the same kind, then new ones. */
function placeMedia(lines: readonly NegotiatedLine[], media: readonly LocalMedia[]): Place[] {
  const places: Place[] = lines.map((line) => ({ line }));
  const added: Place[] = [];
  for (const local of media) {
    const fits = ({ line, local: taken }: Place) => !taken && line?.media === local.kind;
    const place =
      places.find((candidate) => fits(candidate) && !candidate.line?.rejected) ?? places.find(fits);
    if (place === undefined) added.push({ local });
    else place.local = local;
  }
  return [...places, ...added];
}

function newMid(places: readonly Place[]): string {
  const used = new Set(places.flatMap(({ line, mid }) => [line?.mid, mid]));
  let number = 0;
  while (used.has(`${number}`)) number += 1;
  return `${number}`;
}

function bindOfferedCodecs(
  bindings: PayloadTypeBindings,
  local: LocalMedia,
): ReturnType<typeof bindPayloadTypes> {
  const wishes = local.codecs.map((codec) => ({
    codec: { ...codec, parameters: requiredParameters(codec) },
    prefer: 'bound' as const,
  }));
  return bindPayloadTypes(bindings, wishes);
}

function offeredSection(
  negotiation: Negotiation,
  place: Place,
  offered: readonly OfferedMedia[],
): MediaSection {
  const { transportKind, rtcpFeedback } = negotiation;
  const { local, codecs, extensions } = offered.at(-1)!;
  const first = offered[0]!.local.transport;
  const shares = offered.length > 1 && first.rtpPort === local.transport.rtpPort;
  const bundledBefore = place.line !== undefined && !place.line.rejected;
  return {
    local,
    protocol: place.line?.protocol ?? offeredProtocol(transportKind.keying, rtcpFeedback),
    ...(place.mid !== undefined && { mid: place.mid }),
    grouped: place.mid !== undefined,
    direction: local.direction,
    codecs,
    extensions,
    extensionsMixed: false,
    reducedSizeRtcp: rtcpFeedback,
    transport: offeredTransport(transportKind, local.transport),
    // RFC 9143 §7.2.1: an m-line without a transport of its own is offered bundle-only at first.
    carriage: !shares ? 'own' : bundledBefore ? 'bundled' : 'bundle-only',
  };
}

function offeredTransport(kind: TransportKind, ours: TransportParameters): TransportParameters {
  const { ice, setup: _, ...rest } = ours;
  return {
    ...rest,
    mux: kind.rtcp === 'mux',
    ...(kind.ice && ice && { ice }),
    fingerprints: kind.keying === 'dtls' ? ours.fingerprints : [],
    ...(kind.keying === 'dtls' && { setup: OFFERED_SETUP }),
    crypto: kind.keying === 'sdes' ? ours.crypto : [],
  };
}
