/** Applies the answer to an offer of ours (RFC 3264 §7, RFC 9429 §5.11). */
import { fail, type Result, succeed } from '../core/result.ts';
import { agreedMedia } from './agreed-media.ts';
import { acceptedTransport } from './agreed-transport.ts';
import { commonCodecs } from './codec-match.ts';
import type {
  AgreedMedia,
  Negotiation,
  OfferedMedia,
  RemoteDescription,
  TransportKind,
} from './description.ts';
import { narrowed } from './direction.ts';
import { withdrawOffer } from './negotiation.ts';

export interface Applied {
  readonly negotiation: Negotiation;
  readonly agreed: readonly AgreedMedia[];
}

/**
 * Applies the answer to our offer. The state that was given stays valid, so that each fork of a
 * call applies its own answer to it. Faults: `offer_answer.no_offer_pending`,
 * `offer_answer.nothing_in_common`.
 */
export function applyAnswer(negotiation: Negotiation, answer: RemoteDescription): Result<Applied> {
  const { pending, transportKind } = negotiation;
  if (pending === undefined) return fail('offer_answer.no_offer_pending', 'an answer to nothing');
  const agreed: AgreedMedia[] = [];
  for (const offered of pending.media) {
    const media = acceptedMedia(transportKind, offered, answer, agreed);
    if (media !== undefined) agreed.push(media);
  }
  if (agreed.length === 0 && pending.media.length > 0) {
    return fail('offer_answer.nothing_in_common', 'the answer accepts no m-line');
  }
  const accepted = new Set(agreed.map(({ index }) => index));
  const lines = pending.lines.map((line, index) => ({
    ...line,
    rejected: line.rejected || !accepted.has(index),
  }));
  return succeed({ negotiation: { ...withdrawOffer(negotiation), lines, agreed }, agreed });
}

function acceptedMedia(
  transportKind: TransportKind,
  offered: OfferedMedia,
  answer: RemoteDescription,
  earlier: readonly AgreedMedia[],
): AgreedMedia | undefined {
  const line = answer.lines[offered.index];
  if (line === undefined || line.kind !== offered.local.kind) return undefined;
  const { local } = offered;
  const transport = acceptedTransport(transportKind, local.transport, line);
  const pairs = commonCodecs(line.codecs, offered.codecs, 'remote');
  if (transport === undefined || pairs.length === 0) return undefined;
  return agreedMedia({
    line,
    local,
    transport,
    transportKind,
    direction: narrowed(local.direction, line.direction),
    sendCodecs: pairs.map(({ remote }) => remote),
    receiveCodecs: pairs.map(({ ours }) => ours),
    extensions: line.extensions.filter(({ id, uri }) =>
      offered.extensions.some((ours) => ours.id === id && ours.uri === uri),
    ),
    earlier,
  });
}
