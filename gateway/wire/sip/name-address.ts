/** Name-addr values: From, To, Contact, Route, Record-Route (RFC 3261 §20, §25.1). */
import type { Parameters } from './parameters.ts';
import type { SipUri } from './uri.ts';

export interface NameAddress {
  /** Unquoted. */
  readonly displayName: string | undefined;
  readonly uri: SipUri;
  /** Header parameters (`tag`, `q`, `expires`), not the URI's. */
  readonly parameters: Parameters;
}
