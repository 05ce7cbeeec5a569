/** Error codes of `janus.plugin.sip`. */
import type { Fault } from '../../../core/result.ts';

export const SIP_ERRORS = {
  unknownRequest: 442,
  missingElement: 443,
  invalidElement: 444,
  alreadyRegistered: 445,
  invalidAddress: 446,
  wrongState: 447,
  missingSdp: 448,
  helper: 453,
} as const;

export type SipErrorName = keyof typeof SIP_ERRORS;

/** A request that the plugin refuses. */
export interface Refusal {
  readonly error: SipErrorName;
  readonly detail: string;
}

export function refusalOf(fault: Fault): Refusal {
  switch (fault.code) {
    case 'field.missing':
      return { error: 'missingElement', detail: `Missing mandatory element (${fault.detail})` };
    case 'sip.address':
      return { error: 'invalidAddress', detail: `Not a SIP address (${fault.detail})` };
    default:
      return { error: 'invalidElement', detail: `Invalid element (${fault.detail})` };
  }
}
