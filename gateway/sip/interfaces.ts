/** Which local address speaks to a peer, and what Via and Contact say of it (RFC 3261 §18.1). */
import { parseIpAddress } from '../core/ip-address.ts';
import { isInNetwork, isLoopbackAddress, isPrivateAddress } from '../core/ip-network.ts';
import type { SipInterface, SipTransportName } from './endpoint-contract.ts';

export interface Advertised {
  readonly host: string;
  readonly port: number;
}

/** The interface for `transport` towards `address`; `name`, when given, is the only candidate. */
export function chooseInterface(
  interfaces: readonly SipInterface[],
  transport: SipTransportName,
  address: string,
  name?: string,
): SipInterface | undefined {
  const candidates = interfaces.filter(
    (candidate) =>
      candidate.transport === transport &&
      (name === undefined || candidate.name === name) &&
      sameFamily(candidate.bindAddress, address),
  );
  return (
    candidates.find((candidate) => isLocalTo(candidate, address)) ??
    candidates.find((candidate) => reachesBeyond(candidate, address)) ??
    candidates[0]
  );
}

export function interfaceNamed(
  interfaces: readonly SipInterface[],
  name: string,
  transport: SipTransportName,
): SipInterface | undefined {
  return interfaces.find(
    (candidate) => candidate.name === name && candidate.transport === transport,
  );
}

/** What a peer at `address` must be told to reach this interface. */
export function advertised(choice: SipInterface, address: string): Advertised {
  if (isLocalTo(choice, address)) return { host: choice.bindAddress, port: choice.port };
  return {
    host: choice.advertisedAddress ?? choice.bindAddress,
    port: choice.advertisedPort ?? choice.port,
  };
}

/** Whether a Request-URI or Route host and port mean one of our own interfaces. */
export function isOurAddress(
  interfaces: readonly SipInterface[],
  host: string,
  port: number | undefined,
): boolean {
  const wanted = port ?? 5060;
  return interfaces.some(
    (candidate) =>
      (candidate.bindAddress === host && candidate.port === wanted) ||
      (candidate.advertisedAddress === host &&
        (candidate.advertisedPort ?? candidate.port) === wanted),
  );
}

function isLocalTo(choice: SipInterface, address: string): boolean {
  if (isLoopbackAddress(choice.bindAddress) && isLoopbackAddress(address)) return true;
  return choice.localNetworks?.some((network) => isInNetwork(address, network)) ?? false;
}

/** A loopback interface reaches nothing else; a public peer wants an interface it can answer. */
function reachesBeyond(choice: SipInterface, address: string): boolean {
  if (isLoopbackAddress(choice.bindAddress)) return false;
  const ours = choice.advertisedAddress ?? choice.bindAddress;
  return isPrivateAddress(address) || !isPrivateAddress(ours);
}

function sameFamily(a: string, b: string): boolean {
  return parseIpAddress(a)?.length === parseIpAddress(b)?.length;
}
