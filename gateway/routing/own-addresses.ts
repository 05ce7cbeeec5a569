/** Which addresses are ours: domains whose users we know, and sockets that we listen on. */
import type { SipUri } from '../wire/sip/uri.ts';

export interface OwnAddresses {
  /** Lower case. Their port does not matter: whoever resolves them comes to us. */
  readonly domains: readonly string[];
  /** IP addresses and host names of ours, bound or advertised. */
  readonly hosts: readonly string[];
  /** Ports that SIP listens on. */
  readonly ports: readonly number[];
}

const DEFAULT_PORT = 5060;
const DEFAULT_SECURE_PORT = 5061;

/** Whether a request for `uri` is meant for this gateway itself. */
export function isOurs(own: OwnAddresses, uri: SipUri): boolean {
  if (own.domains.includes(uri.host)) return true;
  const port = uri.port ?? (uri.scheme === 'sips' ? DEFAULT_SECURE_PORT : DEFAULT_PORT);
  return own.hosts.includes(uri.host) && own.ports.includes(port);
}
