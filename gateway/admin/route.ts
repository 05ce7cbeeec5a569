/**
 * A route of the HTTP API as a value, which an adapter mounts: who may use it and what it gives.
 */

export type RouteMethod = 'GET' | 'POST' | 'DELETE';

/** Who may use a route. `loopback`: only a peer on this machine, until there are operators. */
export type RoutePolicy = 'public' | 'loopback';

export interface RouteRequest {
  /** The parts of the path that the pattern names. */
  readonly parameters: { readonly [name: string]: string };
}

export type RouteResponse =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string };

export interface Route {
  readonly method: RouteMethod;
  /** Segments, of which `:name` stands for any one: `/v1/calls/:call/trace`. */
  readonly path: string;
  readonly policy: RoutePolicy;
  readonly respond: (request: RouteRequest) => RouteResponse | Promise<RouteResponse>;
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: { readonly [name: string]: string };
}

/** Finds the route of a path; with the wrong method it gives the methods that there are. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch | { readonly allowed: readonly RouteMethod[] } {
  const allowed: RouteMethod[] = [];
  for (const route of routes) {
    const parameters = matchPath(route.path, path);
    if (parameters === undefined) continue;
    if (route.method === method) return { route, parameters };
    allowed.push(route.method);
  }
  return { allowed };
}

function matchPath(pattern: string, path: string): { readonly [name: string]: string } | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const parameters: { [name: string]: string } = {};
  for (const [index, segment] of expected.entries()) {
    const part = given[index] ?? '';
    if (segment.startsWith(':')) {
      const value = decodeSegment(part);
      if (value === undefined || value === '') return undefined;
      parameters[segment.slice(1)] = value;
    } else if (segment !== part) {
      return undefined;
    }
  }
  return parameters;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
