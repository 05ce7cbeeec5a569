/** SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966) as values. */
import type { Parameters } from './parameters.ts';

export interface SipUri {
  /** In lower case: `sip`, `sips`, `tel`, or anything else (then only `text` means something). */
  readonly scheme: string;
  /** Unescaped; for `tel` the number. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; an IPv6 literal without brackets; empty for other schemes. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
  /** The part after `?`, undecoded. */
  readonly headers: string | undefined;
  /** The URI as written. */
  readonly text: string;
}
