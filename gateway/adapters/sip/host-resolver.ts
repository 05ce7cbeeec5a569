/** Host names to SIP addresses by the system's resolver: A and AAAA (RFC 3263 §4.2). */
import { lookup } from 'node:dns/promises';
import type { ResolvedAddress } from '../../sip/endpoint-contract.ts';
import type { ResolveQuery } from './sip-transports.ts';

export type LookUp = (
  host: string,
  options: { readonly all: true; readonly verbatim: true },
) => Promise<readonly { readonly address: string }[]>;

/** Every address of the name, with the transport and port that the URI says or implies. */
export async function resolveHost(
  query: Pick<ResolveQuery, 'host' | 'port' | 'transport' | 'secure'>,
  lookUp: LookUp = lookup,
): Promise<readonly ResolvedAddress[]> {
  const transport = query.transport ?? (query.secure ? 'tls' : 'udp');
  const port = query.port ?? (transport === 'tls' || transport === 'wss' ? 5061 : 5060);
  const found = await lookUp(query.host, { all: true, verbatim: true });
  return found.map(({ address }) => ({ transport, address, port }));
}
