/** Causes read from and said in SIP statuses, Reason headers (RFC 3326), Janus and HTTP words. */
import { CAUSES, type CauseName } from './cause-table.ts';
import type { Cause, ExtraHeaders } from './leg-contract.ts';

/** Final SIP statuses to causes; a class stands for what it does not list. */
const CAUSE_OF_STATUS: { readonly [status: number]: CauseName } = {
  300: 'redirected',
  400: 'bad-request',
  401: 'credentials-refused',
  403: 'forbidden',
  404: 'not-found',
  407: 'credentials-refused',
  408: 'timeout',
  410: 'gone',
  415: 'unsupported-media-type',
  420: 'bad-extension',
  480: 'unavailable',
  481: 'no-such-dialog',
  482: 'loop',
  483: 'too-many-hops',
  484: 'incomplete-address',
  485: 'not-found',
  486: 'busy',
  487: 'cancelled',
  488: 'not-acceptable',
  491: 'request-pending',
  500: 'peer-failed',
  501: 'not-implemented',
  503: 'congestion',
  504: 'server-timeout',
  600: 'busy',
  603: 'declined',
  604: 'not-found',
  606: 'not-acceptable',
};

const CAUSE_OF_CLASS: { readonly [hundreds: number]: CauseName } = {
  3: 'redirected',
  4: 'bad-request',
  5: 'peer-failed',
  6: 'declined',
};

/** Q.850 values that a Reason header may carry, by RFC 3398 §7.2.4.1 where SIP has a status. */
const CAUSE_OF_Q850: { readonly [value: number]: CauseName } = {
  1: 'not-found',
  3: 'no-route',
  16: 'normal',
  17: 'busy',
  18: 'timeout',
  19: 'no-answer',
  20: 'unavailable',
  21: 'declined',
  22: 'gone',
  26: 'answered-elsewhere',
  27: 'unreachable',
  28: 'incomplete-address',
  31: 'normal',
  34: 'congestion',
  38: 'unreachable',
  41: 'peer-failed',
  42: 'congestion',
  47: 'congestion',
  57: 'forbidden',
  65: 'not-acceptable',
  79: 'not-implemented',
  102: 'timeout',
};

/** The cause that a peer's final failure means, with its own status and phrase kept. */
export function causeOfStatus(status: number, reason: string): Cause {
  const name = CAUSE_OF_STATUS[status] ?? CAUSE_OF_CLASS[Math.floor(status / 100)];
  return { name: name ?? 'peer-failed', sip: { status, reason } };
}

/**
 * The status and phrase that an unanswered SIP leg is refused with. A peer's own final failure
 * passes unchanged, except for what is only true between it and us: a redirection, and a challenge
 * without its header (RFC 3261 §22).
 */
export function sipStatusOf(cause: Cause): { readonly status: number; readonly reason: string } {
  const given = cause.sip;
  const hopByHop = given !== undefined && (given.status === 401 || given.status === 407);
  if (given !== undefined && given.status >= 400 && given.status < 700 && !hopByHop) return given;
  const { sip, reason } = CAUSES[cause.name];
  return { status: sip, reason };
}

/** What Janus's SIP plug-in calls the end of a call: `code` and `reason` of its `hangup` event. */
export function janusHangupOf(cause: Cause): { readonly code: number; readonly reason: string } {
  if (cause.sip !== undefined) return { code: cause.sip.status, reason: cause.sip.reason };
  if (cause.name === 'normal') return { code: 200, reason: 'Session Terminated' };
  const { sip, reason } = CAUSES[cause.name];
  return { code: sip, reason };
}

/** The `reason` of Janus's core `hangup` event, which tells what became of the media. */
export function janusCoreReasonOf(cause: Cause): string {
  return CAUSES[cause.name].janus;
}

/** The cause's Q.850 value, for whoever tells it without a Reason header. */
export function q850Of(cause: Cause): number {
  return CAUSES[cause.name].q850;
}

export function httpStatusOf(cause: Cause): number {
  return CAUSES[cause.name].http;
}

/** Reason headers (RFC 3326) for a BYE, a CANCEL or a final failure. */
export function reasonHeadersOf(cause: Cause): ExtraHeaders {
  const q850 = `Q.850;cause=${CAUSES[cause.name].q850};text="${quotable(describe(cause))}"`;
  if (cause.name === 'answered-elsewhere') {
    return [['Reason', 'SIP;cause=200;text="Call completed elsewhere"']];
  }
  if (cause.sip === undefined || cause.sip.status < 300) return [['Reason', q850]];
  const sip = `SIP;cause=${cause.sip.status};text="${quotable(cause.sip.reason)}"`;
  return [
    ['Reason', sip],
    ['Reason', q850],
  ];
}

/** The cause that Reason headers name, the most telling first, or undefined when none does. */
export function causeOfReasonHeaders(headers: ExtraHeaders): Cause | undefined {
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'reason') continue;
    const parsed = /^\s*(SIP|Q\.850)\s*(?=;)[^"]*?;\s*cause\s*=\s*(\d{1,3})/i.exec(value);
    if (parsed === null) continue;
    const code = Number(parsed[2]);
    if (parsed[1]?.toUpperCase() === 'Q.850') {
      const known = CAUSE_OF_Q850[code];
      if (known !== undefined) return { name: known };
    } else if (code === 200) {
      return { name: 'answered-elsewhere' };
    } else if (code >= 300 && code < 700) {
      return causeOfStatus(code, textOf(value) ?? '');
    }
  }
  return undefined;
}

/**
 * The better of two refusals to pass on when several branches fail (RFC 3261 §16.7, step 6): a 6xx
 * stands for every branch; else the lowest class, and what a peer said before what we made up.
 */
export function betterRefusal(former: Cause | undefined, latter: Cause): Cause {
  return former === undefined || rank(latter) < rank(former) ? latter : former;
}

function rank(cause: Cause): number {
  if (cause.sip === undefined) return 7;
  const hundreds = Math.floor(cause.sip.status / 100);
  return hundreds === 6 ? 0 : hundreds;
}

/** One line for people. */
export function describe(cause: Cause): string {
  return cause.detail ?? cause.name.replaceAll('-', ' ');
}

function textOf(value: string): string | undefined {
  return /;\s*text\s*=\s*"([^"]{0,128})"/i.exec(value)?.[1];
}

/** What may stand inside a quoted-string without escaping (RFC 3261 §25.1), cut to one line. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|["\\]/g, ' ').slice(0, 100);
}
