/** The offer/answer state of a leg at its beginning, and after an offer that came to nothing. */
import type { Negotiation, TransportKind } from './description.ts';

/** The state before anything was said. `sessionId` is decimal, below 2^63 (RFC 8866 §5.2). */
export function startNegotiation(
  transportKind: TransportKind,
  rtcpFeedback: boolean,
  sessionId: string,
): Negotiation {
  return {
    transportKind,
    rtcpFeedback,
    sessionId,
    version: 0,
    lines: [],
    receiveBindings: {},
    extensionBindings: {},
    agreed: [],
  };
}

/** Forgets an offer that was refused or withdrawn: what was agreed before stays in force. */
export function withdrawOffer(negotiation: Negotiation): Negotiation {
  const { pending: _, ...rest } = negotiation;
  return rest;
}
