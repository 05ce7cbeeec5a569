/** What the HTTP API asks of the rest of the gateway; the root wires these in. */

export interface Readiness {
  readonly ready: boolean;
  /** What is not ready, in words for an operator. */
  readonly missing: readonly string[];
}

/** The calls that live or lived lately, newest first. */
export interface CallQueries {
  list(): readonly unknown[];
  find(call: string): unknown | undefined;
  /** The call's trace as text, secrets redacted. */
  trace(call: string): string | undefined;
}

export interface AdminPorts {
  readiness(): Readiness;
  readonly calls: CallQueries;
  /** What is alive, for leak checks; after garbage was collected, where that can be forced. */
  census(collectGarbage: boolean): Promise<unknown>;
  readonly version: string;
}
