/** Where a call goes: the first rule that takes it, else our own users, else nowhere. */

import type { User } from '../account/users.ts';
import { bracketed } from '../core/ip-address.ts';
import { isLoopbackAddress } from '../core/ip-network.ts';
import { RTP, SDES, WEBRTC } from '../media-contract/transport.ts';
import type { Trunk } from '../trunk/trunks.ts';
import { escapeUser } from '../wire/sip/characters.ts';
import { parseUri, type SipUri, targetHost } from '../wire/sip/uri.ts';
import type { Caller, Decision, RouteRequest, SrtpPolicy, Target } from './decision.ts';
import { isOurs, type OwnAddresses } from './own-addresses.ts';
import type { CallingAccount, Registrations } from './registrations.ts';
import type { RoutingRule } from './rule.ts';

export interface RoutingTable {
  readonly own: OwnAddresses;
  readonly rules: readonly RoutingRule[];
  /** Application by the name that is dialled. */
  readonly extensions: ReadonlyMap<string, string>;
  readonly interfaces: RoutingInterfaces;
  user(key: string): User | undefined;
  trunk(name: string): Trunk | undefined;
}

export interface RoutingInterfaces {
  /** For targets on loopback; absent where no interface is bound there. */
  readonly loopback?: string;
  /** For every other target that names no interface. */
  readonly outside: string;
}

const ALL_CODECS = ['opus', 'g722', 'pcmu', 'pcma'];

/** Decides by the table and by who is registered now, and by nothing else. */
export function route(
  table: RoutingTable,
  registrations: Registrations,
  request: RouteRequest,
): Decision {
  const parsed = parseUri(request.to);
  if (!parsed.ok) return reject(400, 'Bad Request', 'not a SIP address');
  const uri = parsed.value;
  const scene = { table, registrations, request, uri };
  for (const [index, rule] of table.rules.entries()) {
    const user = rule.match(request.caller, uri.user ?? '', targetHost(uri));
    if (user !== undefined) return follow(scene, rule, user, `routes[${index}]`);
  }
  if (isOurs(table.own, uri)) return toOurOwn(scene);
  return outside(scene);
}

interface Scene {
  readonly table: RoutingTable;
  readonly registrations: Registrations;
  readonly request: RouteRequest;
  readonly uri: SipUri;
}

function follow(scene: Scene, rule: RoutingRule, user: string, name: string): Decision {
  const { to } = rule;
  switch (to.kind) {
    case 'user':
      return toUser(scene, to.name, name);
    case 'trunk':
      return toTrunk(scene, to.name, user, name);
    case 'extension':
      return toExtension(scene, to.name, name);
    case 'as-dialled':
      return asDialled(scene, addressFor(scene.uri, user), name);
    case 'reject':
      return reject(to.status, 'Rejected', name);
  }
}

/** Extensions, users and clients of ours: for who has proven who they are, or is on loopback. */
function toOurOwn(scene: Scene): Decision {
  const { request, table, registrations, uri } = scene;
  // A stranger hears the same whether or not somebody has that name.
  if (request.caller.kind === 'stranger' && !request.local) {
    return reject(403, 'Forbidden', 'strangers');
  }
  const name = uri.user ?? '';
  if (table.extensions.has(name)) return toExtension(scene, name, `extension ${name}`);
  const user = registrations.userAt(name, uri.host);
  if (user !== undefined) return toUser(scene, user, `user ${user}`);
  const targets = registrations
    .clientsCalled(name)
    .flatMap((client) => clientTargets(scene, client));
  return ring(targets, `client ${name}`) ?? reject(404, 'Not Found', 'nobody has that name');
}

/** Default deny; but who is on loopback may reach what is on loopback. */
function outside(scene: Scene): Decision {
  const { caller, local } = scene.request;
  const nextHop = parseUri(accountOf(scene)?.outboundProxy ?? scene.uri.text);
  const onLoopback = nextHop.ok && isOnLoopback(nextHop.value);
  if (caller.kind === 'client' && local && onLoopback) {
    return asDialled(scene, scene.uri.text, 'loopback to loopback');
  }
  return reject(403, 'Forbidden', 'no route allows it');
}

/** Whether a client of ours may send requests of its own, such as REGISTER, to that address. */
export function isReachable(table: RoutingTable, uri: SipUri, local: boolean): boolean {
  if (local && isOnLoopback(uri)) return true;
  const rule = table.rules.find((each) => {
    return each.match({ kind: 'client' }, uri.user ?? '', targetHost(uri)) !== undefined;
  });
  return rule?.to.kind === 'as-dialled';
}

function isOnLoopback(uri: SipUri): boolean {
  const host = targetHost(uri);
  return host === 'localhost' || isLoopbackAddress(host);
}

function toExtension({ table }: Scene, name: string, rule: string): Decision {
  const application = table.extensions.get(name);
  if (application === undefined) return reject(404, 'Not Found', rule);
  return { type: 'application', application, rule };
}

function toUser(scene: Scene, key: string, rule: string): Decision {
  const { table, registrations, request } = scene;
  const user = table.user(key);
  if (user === undefined) return reject(404, 'Not Found', rule);
  const phones = registrations.phonesOf(key).map((phone) => ({
    hop: { kind: 'binding', contact: phone.contact, flow: phone.key } as const,
    to: request.to,
    interface: phone.interfaceName,
    ...mediaPolicy('off', user.codecs, [], user.mediaFromAnywhere),
  }));
  const clients = registrations.clientsOf(key).flatMap((client) => clientTargets(scene, client));
  return (
    ring([...phones, ...clients], rule) ?? reject(480, 'Temporarily Unavailable', `${rule}: away`)
  );
}

function clientTargets(
  { request }: Scene,
  client: { readonly clients: readonly string[]; readonly interface: string },
): Target[] {
  return client.clients.map((handle) => ({
    hop: { kind: 'janus', handle },
    to: request.to,
    interface: client.interface,
    ...mediaPolicy('off', ALL_CODECS, [], false),
    transport: WEBRTC,
  }));
}

function toTrunk(scene: Scene, name: string, user: string, rule: string): Decision {
  const trunk = scene.table.trunk(name);
  const first = parseUri(trunk?.targets[0] ?? '');
  if (trunk === undefined || !first.ok) return reject(503, 'Service Unavailable', rule);
  const target: Target = {
    hop: {
      kind: 'sip',
      trunk: name,
      transport: trunk.transport,
      credentials: trunk.credentials === undefined ? undefined : `trunk:${name}`,
    },
    to: addressFor(first.value, user),
    interface: trunk.interface ?? interfaceTo(scene, first.value),
    ...mediaPolicy(trunk.srtp, trunk.codecs, trunk.mediaNetworks, false),
  };
  return { type: 'call', targets: [target], rule };
}

function asDialled(scene: Scene, to: string, rule: string): Decision {
  const account = accountOf(scene);
  const target = parseUri(to);
  if (!target.ok) return reject(484, 'Address Incomplete', rule);
  const nextHop = parseUri(account?.outboundProxy ?? to);
  const owned = nextHop.ok && account !== undefined && belongsTo(account, nextHop.value);
  return {
    type: 'call',
    rule,
    targets: [
      {
        hop: {
          kind: 'sip',
          proxy: account?.outboundProxy,
          credentials: owned ? registrationOf(scene.request.caller) : undefined,
        },
        to,
        from: account?.addressOfRecord,
        interface: interfaceTo(scene, nextHop.ok ? nextHop.value : target.value),
        ...mediaPolicy('off', ALL_CODECS, [], false),
      },
    ],
  };
}

/**
 * Whether that next hop may see answers to its challenges: the account's own proxy, registrar or
 * domain. Whoever else is called gets none.
 */
function belongsTo(account: CallingAccount, nextHop: SipUri): boolean {
  const own = [account.outboundProxy, account.registrar].flatMap((text) => {
    const uri = parseUri(text ?? '');
    return uri.ok ? [targetHost(uri.value)] : [];
  });
  const host = targetHost(nextHop);
  return host === account.host || own.includes(host);
}

function accountOf({ request, registrations }: Scene): CallingAccount | undefined {
  const registration = registrationOf(request.caller);
  return registration === undefined ? undefined : registrations.account(registration);
}

function registrationOf(caller: Caller): string | undefined {
  return caller.kind === 'client' ? caller.registration : undefined;
}

function interfaceTo({ table }: Scene, uri: SipUri): string {
  const { loopback, outside: other } = table.interfaces;
  return isOnLoopback(uri) ? (loopback ?? other) : other;
}

/** The same address with another user part. */
function addressFor(uri: SipUri, user: string): string {
  const scheme = uri.scheme === 'sips' ? 'sips' : 'sip';
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const written = uri.text.indexOf(';') === -1 ? '' : uri.text.slice(uri.text.indexOf(';'));
  if (user === uri.user) return uri.text;
  return `${scheme}:${escapeUser(user)}@${bracketed(uri.host)}${port}${written}`;
}

function mediaPolicy(
  srtp: SrtpPolicy,
  codecs: readonly string[],
  mediaNetworks: readonly string[],
  anySource: boolean,
): Pick<Target, 'srtp' | 'transport' | 'codecs' | 'mediaNetworks' | 'anySource'> {
  return { srtp, transport: srtp === 'off' ? RTP : SDES, codecs, mediaNetworks, anySource };
}

function ring(targets: readonly Target[], rule: string): Decision | undefined {
  return targets.length === 0 ? undefined : { type: 'call', targets, rule };
}

function reject(status: number, reason: string, rule: string): Decision {
  return { type: 'reject', status, reason, rule };
}
