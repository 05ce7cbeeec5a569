/** Offers and answers of one leg: its state, its codecs and what media opened, together. */

import { type Random, randomUint32 } from '../core/random.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { makeAnswer } from '../offer-answer/answer.ts';
import { applyAnswer } from '../offer-answer/apply-answer.ts';
import type { Codec, Negotiation, RemoteDescription } from '../offer-answer/description.ts';
import { startNegotiation } from '../offer-answer/negotiation.ts';
import { makeOffer } from '../offer-answer/offer.ts';
import { parseRemoteDescription } from '../offer-answer/remote-description.ts';
import type { Leg } from './call.ts';
import { localMediaOf, prepareLeg } from './leg-media.ts';

/** Our offer of `codecs` to the leg, which is then outstanding. */
export function offerOf(random: Random, leg: Leg, codecs: readonly Codec[]): Result<string> {
  if (leg.local === undefined) return fail('call.media-not-open', leg.id);
  prepareLeg(leg, random);
  const offered = makeOffer(stateOf(random, leg), localMediaOf(leg, leg.local, codecs));
  if (!offered.ok) return offered;
  leg.negotiation = offered.value.negotiation;
  return succeed(offered.value.sdp);
}

/** Our answer to the leg's offer, with `codecs` in that order; it is then agreed. */
export function answerTo(
  random: Random,
  leg: Leg,
  offer: RemoteDescription,
  codecs: readonly Codec[],
): Result<string> {
  if (leg.local === undefined) return fail('call.media-not-open', leg.id);
  prepareLeg(leg, random);
  const answered = makeAnswer(stateOf(random, leg), offer, localMediaOf(leg, leg.local, codecs));
  if (!answered.ok) return answered;
  leg.negotiation = answered.value.negotiation;
  return succeed(answered.value.sdp);
}

/** What `answer` to our outstanding offer agrees on; the leg's own state stays as it is. */
export function takeAnswer(leg: Leg, answer: string): Result<Negotiation> {
  if (leg.negotiation === undefined) return fail('call.no-offer', 'an answer to nothing');
  const parsed = parseRemoteDescription(answer);
  if (!parsed.ok) return parsed;
  const applied = applyAnswer(leg.negotiation, parsed.value);
  return applied.ok ? succeed(applied.value.negotiation) : applied;
}

/** Browsers are offered feedback (AVPF); phones are not, since many refuse it. */
function stateOf(random: Random, leg: Leg): Negotiation {
  if (leg.negotiation !== undefined) return leg.negotiation;
  return startNegotiation(leg.transport, leg.transport.ice, `${randomUint32(random)}`);
}
