/** Answers an offer, every m-line in its place (RFC 3264 §6, RFC 9143 §7.3, RFC 9429 §5.3). */
import { fail, type Result, succeed } from '../core/result.ts';
import type { SdpMedia } from '../wire/sdp/session-description.ts';
import { agreedMedia, requiredParameters, sharesTransport } from './agreed-media.ts';
import { answeredTransport } from './agreed-transport.ts';
import { bindPayloadTypes, commonCodecs, distinguishingParameters } from './codec-match.ts';
import type {
  AgreedMedia,
  LocalMedia,
  Negotiation,
  PayloadTypeBindings,
  RemoteDescription,
  RemoteLine,
  RemoteMedia,
} from './description.ts';
import { narrowed } from './direction.ts';
import { noteExtensions } from './extension-ids.ts';
import { describeLocally, lineOf } from './local-description.ts';
import { type MediaSection, writeDisabledSection } from './media-section.ts';
import { canServe } from './transport-kind.ts';

export interface Answered {
  readonly sdp: string;
  readonly negotiation: Negotiation;
  readonly agreed: readonly AgreedMedia[];
}

interface AcceptedLine {
  readonly agreed: AgreedMedia;
  readonly section: MediaSection;
  readonly bindings: PayloadTypeBindings;
}

/**
 * Answers with `media`, each of which serves at most one m-line of its kind; codecs in the order
 * of `media`. Faults: `offer_answer.offer_pending` (glare), `offer_answer.nothing_in_common` when
 * something was offered and nothing of it can be accepted: the answer is then 488.
 */
export function makeAnswer(
  negotiation: Negotiation,
  offer: RemoteDescription,
  media: readonly LocalMedia[],
): Result<Answered> {
  if (negotiation.pending) return fail('offer_answer.offer_pending', 'our own offer is out');
  const agreed: AgreedMedia[] = [];
  const sections: (MediaSection | SdpMedia)[] = [];
  const unused = [...media];
  const seen = offer.lines.flatMap((line) => (line.kind === 'unusable' ? [] : line.extensions));
  const extensionBindings = noteExtensions(negotiation.extensionBindings, seen);
  let state: Negotiation = { ...negotiation, extensionBindings };
  for (const line of offer.lines) {
    const accepted = acceptLine(state, offer, line, unused, agreed);
    if (accepted === undefined) {
      sections.push(writeDisabledSection(rejectedLine(line)));
      continue;
    }
    state = { ...state, receiveBindings: accepted.bindings };
    agreed.push(accepted.agreed);
    sections.push(accepted.section);
  }
  const wanted = offer.lines.some((line) => line.kind !== 'unusable' || line.reason !== 'disabled');
  if (agreed.length === 0 && wanted) {
    return fail('offer_answer.nothing_in_common', whyNothing(offer, media));
  }
  const described = describeLocally({ ...state, lines: sections.map(lineOf), agreed }, sections);
  return succeed({ ...described, agreed });
}

function acceptLine(
  negotiation: Negotiation,
  offer: RemoteDescription,
  line: RemoteLine,
  unused: LocalMedia[],
  earlier: readonly AgreedMedia[],
): AcceptedLine | undefined {
  const { transportKind } = negotiation;
  if (line.kind === 'unusable' || !canServe(transportKind, line)) return undefined;
  const local = unused.find(({ kind }) => kind === line.kind);
  if (local === undefined) return undefined;
  const carrier = earlier.find((media) => sharesTransport(media, local));
  if (carrier !== undefined && !isBundled(offer, carrier, line)) return undefined;
  const before = negotiation.agreed.find(({ index }) => index === line.index);
  const transport = answeredTransport(transportKind, line, local.transport, before);
  const pairs = commonCodecs(line.codecs, local.codecs, 'ours');
  if (transport === undefined || pairs.length === 0) return undefined;
  const wishes = pairs.map(({ remote, ours }) => ({
    // RFC 3264 §6.1: the answer uses the offer's payload types wherever it can.
    codec: {
      ...ours,
      payloadType: remote.payloadType,
      parameters: { ...requiredParameters(ours), ...distinguishingParameters(remote) },
      feedback: remote.feedback.filter((value) => ours.feedback.includes(value)),
    },
    prefer: 'wish' as const,
  }));
  const { codecs, bindings } = bindPayloadTypes(negotiation.receiveBindings, wishes);
  if (codecs.length < pairs.length) return undefined;
  unused.splice(unused.indexOf(local), 1);
  const agreed = agreedMedia({
    line,
    local,
    transport,
    transportKind,
    direction: narrowed(local.direction, line.direction),
    sendCodecs: pairs.map(({ remote }) => remote),
    receiveCodecs: codecs,
    extensions: line.extensions.filter(({ uri }) =>
      local.extensions.some((ours) => ours.uri === uri),
    ),
    earlier,
  });
  return { agreed, section: answeredSection(line, local, agreed, offer), bindings };
}

function answeredSection(
  line: RemoteMedia,
  local: LocalMedia,
  agreed: AgreedMedia,
  offer: RemoteDescription,
): MediaSection {
  const grouped = line.mid !== undefined && offer.bundles.some((mids) => mids.includes(line.mid!));
  return {
    local,
    protocol: line.protocol,
    ...(line.mid !== undefined && { mid: line.mid }),
    grouped,
    direction: agreed.direction,
    codecs: agreed.receiveCodecs,
    extensions: agreed.extensions,
    extensionsMixed: line.extensionsMixed,
    reducedSizeRtcp: line.reducedSizeRtcp,
    transport: agreed.local,
    carriage: agreed.bundledInto === undefined ? 'own' : 'bundled',
  };
}

function isBundled(offer: RemoteDescription, carrier: AgreedMedia, line: RemoteMedia): boolean {
  const { mid } = line;
  if (mid === undefined || carrier.mid === undefined) return false;
  return offer.bundles.some((mids) => mids.includes(mid) && mids.includes(carrier.mid!));
}

function rejectedLine(line: RemoteLine): Parameters<typeof writeDisabledSection>[0] {
  return {
    media: line.kind === 'unusable' ? line.media : line.kind,
    protocol: line.protocol,
    ...(line.mid !== undefined && { mid: line.mid }),
    formats:
      line.kind === 'unusable'
        ? line.formats
        : line.codecs.map(({ payloadType }) => `${payloadType}`),
    rejected: true,
  };
}

/** The first reason, for the log and for a Warning header. */
function whyNothing(offer: RemoteDescription, media: readonly LocalMedia[]): string {
  const reasons = offer.lines.map((line) => {
    if (line.kind === 'unusable') return `${line.media}: ${line.reason}`;
    const known = media.some(({ kind }) => kind === line.kind);
    return `${line.kind}: ${known ? 'no common codec or transport' : 'not carried'}`;
  });
  return reasons[0] ?? 'no m-line';
}
