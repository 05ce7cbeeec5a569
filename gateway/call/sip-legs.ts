/** Every leg whose signalling is SIP, between the call and the SIP endpoint. */
import type { Identity, SipCommand, SipEvent } from '../sip/endpoint-contract.ts';
import type { B2buaInput } from './b2bua-contract.ts';
import { parseDtmf } from './dtmf-relay.ts';
import type { IncomingLeg, LegCommand, LegId } from './leg-contract.ts';
import { newSipLeg, type SipLeg, type SipLegPorts, sipCommandsOf } from './sip-leg.ts';
import { incomingLegOf, legEventsOf } from './sip-leg-events.ts';

/** What follows from an event: news for the calls, answers for the endpoint. */
export interface SipStep {
  readonly inputs: readonly B2buaInput[];
  readonly commands: readonly SipCommand[];
}

export interface SipLegsPorts extends SipLegPorts {
  /** What an account's legs may do. */
  policyOf(identity: Identity): IncomingLeg['policy'];
}

export type SipLegsSnapshot = readonly SipLeg[];

const NOTHING: SipStep = { inputs: [], commands: [] };

export class SipLegs {
  readonly #ports: SipLegsPorts;
  readonly #legs = new Map<LegId, SipLeg>();

  constructor(ports: SipLegsPorts, snapshot?: SipLegsSnapshot) {
    this.#ports = ports;
    for (const leg of structuredClone(snapshot ?? [])) this.#legs.set(leg.leg, leg);
  }

  get size(): number {
    return this.#legs.size;
  }

  /** What the endpoint must do for a command of the call's. */
  command(id: LegId, command: LegCommand): SipCommand[] {
    let leg = this.#legs.get(id);
    if (leg === undefined && command.type === 'invite') {
      leg = newSipLeg(id, 'callee');
      this.#legs.set(id, leg);
    }
    return leg === undefined ? [] : sipCommandsOf(leg, command, this.#ports);
  }

  /** What an event of the endpoint means; events that concern no leg mean nothing here. */
  event(event: SipEvent): SipStep {
    if (event.type === 'incoming-invite') {
      this.#legs.set(event.leg, newSipLeg(event.leg, 'caller', event.request));
      const incoming = incomingLegOf(event, this.#ports.policyOf(event.identity));
      return { inputs: [{ type: 'incoming', leg: incoming }], commands: [] };
    }
    const leg = 'leg' in event && event.leg !== undefined && this.#legs.get(event.leg);
    if (!leg) return NOTHING;
    if (event.type === 'incoming-request') return requestWithin(leg, event);
    if (event.type === 'ended') this.#legs.delete(leg.leg);
    const news = legEventsOf(leg, event);
    const inputs = news.map((each) => ({ type: 'leg-event', leg: leg.leg, event: each }) as const);
    return { inputs, commands: [] };
  }

  snapshot(): SipLegsSnapshot {
    return structuredClone([...this.#legs.values()]);
  }
}

/** INFO carries digits (RFC 6086 Appendix A); what else it carries is not understood. */
function requestWithin(
  leg: SipLeg,
  event: Extract<SipEvent, { type: 'incoming-request' }>,
): SipStep {
  const { request, received } = event;
  if (received.method !== 'INFO') {
    return { inputs: [], commands: [{ type: 'respond', request, status: 501 }] };
  }
  // An empty INFO asks whether the session lives (RFC 2976 §2).
  const { body } = received;
  if (body === undefined)
    return { inputs: [], commands: [{ type: 'respond', request, status: 200 }] };
  const dtmf = parseDtmf(body.contentType, Buffer.from(body.content).toString('latin1'));
  if (dtmf === undefined) {
    return { inputs: [], commands: [{ type: 'respond', request, status: 415 }] };
  }
  return {
    inputs: [{ type: 'leg-event', leg: leg.leg, event: { type: 'dtmf', ...dtmf } }],
    commands: [{ type: 'respond', request, status: 200 }],
  };
}
