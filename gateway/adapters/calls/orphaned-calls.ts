/** Calls that outlived the signalling that made them: what it left with media, and their end. */
import { reasonHeadersOf } from '../../call/causes.ts';
import type { SipEndpoint } from '../../sip/endpoint.ts';
import type { SipCommand } from '../../sip/endpoint-contract.ts';
import type { LegsSnapshot } from '../../sip/leg.ts';

/** What is left with a media session; plain JSON, read back by a later version of this program. */
export interface CallRecovery {
  readonly version: 1;
  readonly call: string;
  /** The SIP legs of the call with their dialogs. */
  readonly sip: readonly LegsSnapshot[];
}

/** Everything that is needed to end the SIP legs among `legs`. */
export function recoveryOf(
  endpoint: SipEndpoint,
  call: string,
  legs: readonly { readonly leg: string; readonly signalling: string }[],
): CallRecovery {
  const sip = legs
    .filter(({ signalling }) => signalling === 'sip')
    .flatMap(({ leg }) => endpoint.legState(leg) ?? []);
  return { version: 1, call, sip };
}

/** Takes the dialogs over and hangs up on each; the number of dialogs that were ended. */
export function endOrphan(
  endpoint: SipEndpoint,
  recovery: unknown,
  command: (command: SipCommand) => void,
): number {
  if (!isRecovery(recovery)) return 0;
  const headers = reasonHeadersOf({ name: 'signalling-restarted' });
  for (const state of recovery.sip) {
    endpoint.adopt(state);
    for (const { key } of state.legs) {
      command({
        type: 'bye',
        leg: key,
        headers: headers.map(([name, value]) => ({ name, value })),
      });
    }
  }
  return recovery.sip.length;
}

/** Our own words, which came back from a process of ours: its shape is all there is to doubt. */
function isRecovery(value: unknown): value is CallRecovery {
  if (typeof value !== 'object' || value === null) return false;
  const { version, sip } = value as Partial<CallRecovery>;
  return version === 1 && Array.isArray(sip);
}
