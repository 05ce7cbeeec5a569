/** What a test call to the echo ends with: the figures it measured, or the stage it failed at. */
import type { Result } from '../../core/result.ts';

export interface EchoFacts {
  /** From the offer until the first packet was back: signalling, ICE, DTLS and one round trip. */
  readonly setUpMs: number;
  /** As the answer names it, with its clock: `opus/48000/2`. */
  readonly codec: string;
  readonly sent: number;
  readonly returned: number;
  /** Of each packet that came back. */
  readonly roundTripsMs: readonly number[];
}

/** In the order of a call's stages. `echo.cut-short`: the process of the call died on the way. */
export type EchoFaultCode =
  | 'echo.not-installed'
  | 'echo.no-websocket'
  | 'echo.silent'
  | 'echo.refused'
  | 'echo.no-answer'
  | 'echo.ice-failed'
  | 'echo.dtls-failed'
  | 'echo.no-sound'
  | 'echo.cut-short';

export interface EchoFault {
  readonly code: EchoFaultCode;
  readonly detail: string;
}

/** A plain value: it crosses from the process of the call as JSON. */
export type EchoOutcome = Result<EchoFacts, EchoFault>;

export function failEcho(
  code: EchoFaultCode,
  detail: string,
): { readonly ok: false; readonly fault: EchoFault } {
  return { ok: false, fault: { code, detail } };
}
