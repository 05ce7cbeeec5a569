/** A value or an expected failure: what every parser and every fallible step returns. */

/**
 * An expected failure. `code` is stable and dotted (`rtcp.truncated`); faces translate it, people
 * search for it. `detail` is for people and never carries a secret.
 */
export interface Fault {
  readonly code: string;
  readonly detail: string;
}

export type Result<T, F extends Fault = Fault> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F };

export function succeed<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail(code: string, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, detail } };
}
