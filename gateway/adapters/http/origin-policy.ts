/** Which web pages may use the APIs: our own, and those of configured origins. */
import { isIP } from 'node:net';

export interface OriginPolicy {
  /** Further origins, e.g. `https://app.example.com`; `*` stands for any. */
  readonly allowed: readonly string[];
  /** Names under which this server is reached, besides `localhost` and plain addresses. */
  readonly ownNames: readonly string[];
}

export type OriginVerdict = 'own' | 'allowed' | 'refused';

/**
 * A request without an Origin is no page's. Our own page's origin has the host that it asks for,
 * which must not be a stranger's name for our address (DNS rebinding).
 */
export function judgeOrigin(
  policy: OriginPolicy,
  origin: string | undefined,
  host: string | undefined,
): OriginVerdict {
  if (origin === undefined) return 'own';
  if (policy.allowed.includes(origin) || policy.allowed.includes('*')) return 'allowed';
  const page = parseOrigin(origin);
  if (page === undefined || host === undefined || page.host !== host.toLowerCase()) {
    return 'refused';
  }
  return isOwnName(policy, page.hostname) ? 'own' : 'refused';
}

/**
 * Whether a request asks for us by a name of ours. A page that had a stranger's name resolve to
 * our address asks by that name, and its reading requests carry no Origin that would give it away.
 */
export function isOwnHost(policy: OriginPolicy, host: string | undefined): boolean {
  if (host === undefined) return true;
  const url = parseOrigin(`http://${host}`);
  return url !== undefined && isOwnName(policy, url.hostname);
}

function isOwnName(policy: OriginPolicy, name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || policy.ownNames.includes(name);
}

function parseOrigin(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}
