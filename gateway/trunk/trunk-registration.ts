/** How a trunk that wants it is registered with: at its first target, under its credentials. */

import { bracketed } from '../core/ip-address.ts';
import type { RegisterCommand } from '../sip/endpoint-contract.ts';
import { escapeUser } from '../wire/sip/characters.ts';
import { parseUri } from '../wire/sip/uri.ts';
import type { Trunk } from './trunks.ts';

/** Undefined for a trunk that needs no registration, or has nothing to register with. */
export function trunkRegistration(trunk: Trunk): RegisterCommand | undefined {
  const first = parseUri(trunk.targets[0] ?? '');
  if (!trunk.register || trunk.credentials === undefined || !first.ok) return undefined;
  const { host, port } = first.value;
  const place = port === undefined ? bracketed(host) : `${bracketed(host)}:${port}`;
  const transport = trunk.transport === 'tcp' ? ';transport=tcp' : '';
  return {
    type: 'register',
    registration: `trunk:${trunk.name}`,
    registrarUri: `sip:${place}${transport}`,
    addressOfRecord: `sip:${escapeUser(trunk.credentials.username)}@${bracketed(host)}`,
    contactUser: trunk.credentials.username,
    interfaceName: trunk.interface,
    account: `trunk:${trunk.name}`,
  };
}
