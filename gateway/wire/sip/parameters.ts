/** Semicolon-separated parameters of headers and URIs (RFC 3261 §25.1 generic-param). */

export interface Parameter {
  /** In lower case. */
  readonly name: string;
  /** As written, quotes included; `null` for a parameter without a value. */
  readonly value: string | null;
}

/** In order of appearance. An array, not an object: names are chosen by strangers. */
export type Parameters = readonly Parameter[];

/** The value of the first parameter called `name`; `null` without a value, undefined if absent. */
export function parameter(parameters: Parameters, name: string): string | null | undefined {
  for (const entry of parameters) if (entry.name === name) return entry.value;
  return undefined;
}
