/** Who may ask what of this gateway over SIP: the verdict on every request before any state. */
import type { Users } from '../account/users.ts';
import { isLoopbackAddress } from '../core/ip-network.ts';
import type { AuthorisationQuery, DigestAlgorithm, Verdict } from '../sip/endpoint-contract.ts';
import type { Trunks } from '../trunk/trunks.ts';
import type { SipUri } from '../wire/sip/uri.ts';
import { isOurs, type OwnAddresses } from './own-addresses.ts';

export interface AuthorisationPolicy {
  readonly own: OwnAddresses;
  readonly users: Users;
  readonly trunks: Trunks;
  readonly realm: string;
  readonly algorithms: readonly DigestAlgorithm[];
}

/**
 * Users prove themselves by digest, trunks by where they speak from, and who is on loopback and
 * claims to be no user of ours is let in as nobody in particular. Everybody else is challenged
 * alike, so that nobody learns which names exist.
 */
export function authorise(policy: AuthorisationPolicy, query: AuthorisationQuery): Verdict {
  const { received, authenticated } = query;
  if (authenticated !== undefined) return verdictOnUser(policy, query, authenticated.username);
  const challenge: Verdict = {
    type: 'challenge',
    realm: policy.realm,
    algorithms: policy.algorithms,
  };
  if (received.method === 'REGISTER') return challenge;
  const { remoteAddress, remotePort } = received.flow;
  const trunk = policy.trunks.speakingFrom(remoteAddress, remotePort);
  if (trunk !== undefined) {
    return { type: 'accept', identity: { kind: 'trunk', name: trunk.name } };
  }
  // A ping tells nothing and starts nothing.
  if (received.method === 'OPTIONS') return ANONYMOUS;
  const claimsUser = userOf(policy, received.from.uri) !== undefined;
  return isLoopbackAddress(remoteAddress) && !claimsUser ? ANONYMOUS : challenge;
}

const ANONYMOUS: Verdict = { type: 'accept', identity: { kind: 'anonymous', name: '' } };

/** A user speaks for itself only: it registers and calls under its own address. */
function verdictOnUser(
  policy: AuthorisationPolicy,
  { received }: AuthorisationQuery,
  username: string,
): Verdict {
  const claimed = received.method === 'REGISTER' ? received.to.uri : received.from.uri;
  if (userOf(policy, claimed) !== username) return { type: 'reject', status: 403 };
  return { type: 'accept', identity: { kind: 'user', name: username } };
}

function userOf(policy: AuthorisationPolicy, uri: SipUri): string | undefined {
  if (uri.user === undefined) return undefined;
  // A phone may write the gateway's name without its port, whatever that is.
  const ours = isOurs(policy.own, uri) || policy.own.hosts.includes(uri.host);
  return ours ? policy.users.keyAt(uri.user, uri.host) : undefined;
}
