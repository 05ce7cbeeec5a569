/** What the configuration means to SIP, routing, users and trunks: their own options. */
import type { Configuration, RouteConfiguration } from '../../config/configuration.ts';
import { type User, Users } from '../account/users.ts';
import { isLoopbackAddress } from '../core/ip-network.ts';
import type { OwnAddresses } from '../routing/own-addresses.ts';
import type { RoutingTable } from '../routing/route.ts';
import { RoutingRule, type RuleTarget } from '../routing/rule.ts';
import type { SipInterface, SipOptions } from '../sip/endpoint-contract.ts';
import { Trunks } from '../trunk/trunks.ts';

export function configuredUsers({ users, sip }: Configuration): Users {
  return new Users(users.map(userOf), sip.realm);
}

function userOf(user: Configuration['users'][number]): User {
  return {
    name: user.name,
    domain: user.domain?.toLowerCase(),
    displayName: user.displayName,
    password: user.password?.reveal(),
    ha1: user.ha1?.reveal(),
    interface: user.interface,
    codecs: user.codecs,
    mediaFromAnywhere: user.mediaFromAnywhere,
  };
}

export function configuredTrunks({ trunks }: Configuration): Trunks {
  return new Trunks(
    trunks.map((trunk) => ({
      ...trunk,
      credentials: trunk.credentials && {
        ...trunk.credentials,
        password: trunk.credentials.password.reveal(),
      },
    })),
  );
}

export function ownAddresses(configuration: Configuration): OwnAddresses {
  const { interfaces, sip, users } = configuration;
  const addresses = interfaces.flatMap(({ bind, advertise }) => [bind, advertise ?? bind]);
  const loopback = addresses.some(isLoopbackAddress) ? ['localhost'] : [];
  const userDomains = users.flatMap(({ domain }) => domain ?? []);
  return {
    domains: [...new Set([...sip.domains, ...userDomains].map((name) => name.toLowerCase()))],
    hosts: [...new Set([...addresses, ...loopback])],
    ports: [sip.port],
  };
}

export function configuredRouting(
  configuration: Configuration,
  users: Users,
  trunks: Trunks,
): RoutingTable {
  const { extensions, interfaces, routes } = configuration;
  const outside = interfaces.find(({ bind }) => !isLoopbackAddress(bind)) ?? interfaces[0];
  return {
    own: ownAddresses(configuration),
    rules: routes.map(
      ({ from, called, calledDomain, rewrite, to }) =>
        new RoutingRule({ from, called, calledDomain, rewrite, to: targetOf(to) }),
    ),
    extensions: new Map(extensions.map(({ name, application }) => [name, application])),
    interfaces: {
      loopback: interfaces.find(({ bind }) => isLoopbackAddress(bind))?.name,
      outside: outside?.name ?? '',
    },
    user: (key) => users.get(key),
    trunk: (name) => trunks.get(name),
  };
}

/** The configuration's rules make sure that there is exactly one target. */
function targetOf(to: RouteConfiguration['to']): RuleTarget {
  if (to.user !== undefined) return { kind: 'user', name: to.user };
  if (to.trunk !== undefined) return { kind: 'trunk', name: to.trunk };
  if (to.extension !== undefined) return { kind: 'extension', name: to.extension };
  if (to.reject !== undefined) return { kind: 'reject', status: to.reject };
  return { kind: 'as-dialled' };
}

export function sipInterfaces({ interfaces, sip }: Configuration): SipInterface[] {
  return interfaces.flatMap(({ name, bind, advertise, localNetworks }) =>
    (['udp', 'tcp'] as const).map((transport) => ({
      name,
      transport,
      bindAddress: bind,
      port: sip.port,
      advertisedAddress: advertise,
      localNetworks,
    })),
  );
}

export function sipOptions(configuration: Configuration, nonceKey: string): SipOptions {
  const { sip, limits } = configuration;
  return {
    interfaces: sipInterfaces(configuration),
    productName: 'Causeway',
    applicationMethods: ['INFO'],
    extensions: [],
    acceptedBodyTypes: ['application/sdp'],
    registrar: {
      minExpiresSeconds: sip.registrationMinimumSeconds,
      defaultExpiresSeconds: sip.registrationSeconds,
      maxExpiresSeconds: sip.registrationSeconds,
      maxContacts: limits.bindingsPerUser,
      maxBindings: limits.registrations,
    },
    nonceKey,
  };
}
