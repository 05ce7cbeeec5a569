/** DTMF digits in INFO bodies: `application/dtmf-relay` and `application/dtmf`, as phones send. */

export interface DtmfDigit {
  readonly digit: string;
  readonly durationMs: number;
}

export const DTMF_RELAY_TYPE = 'application/dtmf-relay';

const DTMF_TYPE = 'application/dtmf';
/** Nobody holds a key for longer; nor are bodies larger. */
const MAX_DURATION_MS = 10_000;
const MAX_BODY_LENGTH = 256;
const DEFAULT_DURATION_MS = 160;

export function formatDtmfRelay({ digit, durationMs }: DtmfDigit): string {
  return `Signal=${digit}\r\nDuration=${durationMs}\r\n`;
}

/** The digit of an INFO body, or undefined where it holds none. */
export function parseDtmf(contentType: string, body: string): DtmfDigit | undefined {
  if (body.length > MAX_BODY_LENGTH) return undefined;
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === DTMF_TYPE) return digitOf(body.trim(), DEFAULT_DURATION_MS);
  if (type !== DTMF_RELAY_TYPE) return undefined;
  const fields = new Map<string, string>();
  for (const line of body.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 0) continue;
    fields.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  const duration = Number(fields.get('duration') ?? DEFAULT_DURATION_MS);
  return digitOf(fields.get('signal') ?? '', duration);
}

function digitOf(signal: string, durationMs: number): DtmfDigit | undefined {
  const digit = NUMBERED[signal] ?? signal.toUpperCase();
  if (!/^[0-9A-D*#]$/.test(digit)) return undefined;
  const plausible = Number.isInteger(durationMs) && durationMs > 0 && durationMs <= MAX_DURATION_MS;
  return { digit, durationMs: plausible ? durationMs : DEFAULT_DURATION_MS };
}

/** Some phones name the event of RFC 4733 §3.2 instead of the key. */
const NUMBERED: { readonly [signal: string]: string | undefined } = {
  10: '*',
  11: '#',
  12: 'A',
  13: 'B',
  14: 'C',
  15: 'D',
};
