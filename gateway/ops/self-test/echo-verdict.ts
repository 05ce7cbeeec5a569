/** What a test call to the echo measured, and what that says of the gateway. */

export interface EchoFacts {
  /** From the first request until sound can flow: signalling, ICE and DTLS. */
  readonly setUpMs: number;
  readonly codec: string;
  readonly sent: number;
  readonly returned: number;
  /** Of each packet that came back. */
  readonly roundTripsMs: readonly number[];
}

export interface EchoVerdict {
  readonly verdict: 'good' | 'warning' | 'bad';
  readonly detail: string;
}

/** On one machine nothing is lost; what is, tells of a machine that is too busy. */
const TOLERATED_LOSS = 0.01;
/** Setting up takes two or three round trips and one signature. */
const SLOW_SET_UP_MS = 2_000;
const SLOW_ROUND_TRIP_MS = 100;

export function judgeEcho(facts: EchoFacts): EchoVerdict {
  const { setUpMs, codec, sent, returned, roundTripsMs } = facts;
  if (returned === 0) return { verdict: 'bad', detail: `connected, but no sound came back` };
  const loss = (sent - returned) / sent;
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

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
