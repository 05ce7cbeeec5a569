/** Candidates: a lite agent's own (RFC 8445 §5.1.2) and a peer's, from SDP (RFC 8839 §5.1). */
import type { LocalCandidate } from '../../media-contract/transport.ts';
import { type UdpAddress, udpAddress } from '../udp-address.ts';

const HOST_TYPE_PREFERENCE = 126;
const RTP_COMPONENT = 1;
const MOST_CHARACTERS = 512;

/** Host candidates of one component, best address first; each has a foundation of its own. */
export function hostCandidates(addresses: readonly string[], port: number): LocalCandidate[] {
  return addresses.map((address, index) => ({
    foundation: `${index + 1}`,
    priority: hostPriority(index),
    address,
    port,
  }));
}

/** RFC 8445 §5.1.2.1. */
export function hostPriority(index: number): number {
  const localPreference = 65535 - index;
  return HOST_TYPE_PREFERENCE * 2 ** 24 + localPreference * 2 ** 8 + (256 - RTP_COMPONENT);
}

export interface RemoteCandidate {
  readonly address: UdpAddress;
  readonly priority: number;
}

/**
 * Reads the value of `a=candidate` (RFC 8839 §5.1), with or without `candidate:` before it.
 * Undefined for what no check could use: TCP, another component, a name instead of an address.
 */
export function parseCandidate(text: string): RemoteCandidate | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const value = text.replace(/^(a=)?candidate:/, '');
  const [, component, protocol, priority, host = '', port] = value.split(' ');
  if (component !== '1' || protocol?.toLowerCase() !== 'udp') return undefined;
  const portNumber = Number(port);
  const priorityNumber = Number(priority);
  if (!Number.isInteger(portNumber) || portNumber < 1 || portNumber > 65535) return undefined;
  if (!Number.isInteger(priorityNumber) || priorityNumber < 1) return undefined;
  const address = udpAddress(host, portNumber);
  return address === undefined ? undefined : { address, priority: priorityNumber };
}
