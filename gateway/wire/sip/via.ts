/** Via values (RFC 3261 §20.42, RFC 3581). */
import type { Parameters } from './parameters.ts';

export interface Via {
  /** In upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS` or anything else. */
  readonly transport: string;
  /** In lower case; an IPv6 literal without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly parameters: Parameters;
}
