/** What the outcome of a test call says of the gateway, in words for whoever runs it. */
import { unreachable } from '../../core/unreachable.ts';
import type { EchoFacts, EchoFault, EchoOutcome } from './echo-outcome.ts';

export interface EchoVerdict {
  readonly verdict: 'good' | 'warning' | 'bad';
  readonly detail: string;
}

/** On one machine nothing is lost; what is, tells of a machine that is too busy. */
const TOLERATED_LOSS = 0.01;
/** Setting up takes two or three round trips and one signature. */
const SLOW_SET_UP_MS = 2_000;
const SLOW_ROUND_TRIP_MS = 100;

export function judgeEcho(outcome: EchoOutcome): EchoVerdict {
  if (outcome.ok) return judgeFacts(outcome.value);
  // That a tool is missing says nothing of the gateway.
  const verdict = outcome.fault.code === 'echo.not-installed' ? 'warning' : 'bad';
  return { verdict, detail: describe(outcome.fault) };
}

function judgeFacts({ setUpMs, codec, sent, returned, roundTripsMs }: EchoFacts): EchoVerdict {
  const loss = sent === 0 ? 0 : (sent - returned) / sent;
  const roundTripMs = medianOf(roundTripsMs);
  const detail = [
    `set up in ${Math.round(setUpMs)} ms`,
    `${codec} both ways`,
    `${(100 * loss).toFixed(1)} % of ${sent} packets lost`,
    `round trip ${roundTripMs.toFixed(1)} ms`,
  ].join(', ');
  const isSlow = setUpMs > SLOW_SET_UP_MS || roundTripMs > SLOW_ROUND_TRIP_MS;
  return { verdict: isSlow || loss > TOLERATED_LOSS ? 'warning' : 'good', detail };
}

function describe({ code, detail }: EchoFault): string {
  switch (code) {
    case 'echo.not-installed':
      return `not placed: ${detail} is not installed; add it by npm install --include=optional`;
    case 'echo.no-websocket':
      return `no WebSocket to the gateway: ${detail}`;
    case 'echo.silent':
      return `the Janus API does not answer: ${detail}`;
    case 'echo.refused':
      return `the Janus API refuses the call: ${detail}`;
    case 'echo.no-answer':
      return `the echo gives no answer to the offer: ${detail}`;
    case 'echo.ice-failed':
      return `ICE does not connect to ${detail}: does a firewall hold the WebRTC port?`;
    case 'echo.dtls-failed':
      return `ICE connects to ${detail}, but DTLS does not`;
    case 'echo.no-sound':
      return `connected, but no sound comes back: ${detail}`;
    case 'echo.cut-short':
      return `the test call did not come to an end: ${detail}`;
    default:
      return unreachable(code);
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
