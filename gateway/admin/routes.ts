/** The HTTP API's routes: health, readiness, calls and their traces. */
import type { AdminPorts } from './ports.ts';
import type { Route, RouteResponse } from './route.ts';

export function adminRoutes(ports: AdminPorts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      policy: 'public',
      respond: () => ({ status: 200, json: { status: 'ok', version: ports.version } }),
    },
    {
      method: 'GET',
      path: '/readyz',
      policy: 'public',
      respond: () => {
        const { ready, missing } = ports.readiness();
        return { status: ready ? 200 : 503, json: { ready, missing } };
      },
    },
    {
      method: 'GET',
      path: '/v1/calls',
      policy: 'loopback',
      respond: () => ({ status: 200, json: { calls: ports.calls.list() } }),
    },
    {
      method: 'GET',
      path: '/v1/calls/:call',
      policy: 'loopback',
      respond: ({ parameters }) => found(ports.calls.find(parameters.call ?? '')),
    },
    {
      method: 'GET',
      path: '/v1/calls/:call/trace',
      policy: 'loopback',
      respond: ({ parameters }) => {
        const text = ports.calls.trace(parameters.call ?? '');
        return text === undefined ? NO_SUCH_CALL : { status: 200, text };
      },
    },
    {
      method: 'GET',
      path: '/v1/census',
      policy: 'loopback',
      respond: async () => ({ status: 200, json: await ports.census(false) }),
    },
    {
      method: 'GET',
      path: '/v1/census/collected',
      policy: 'loopback',
      respond: async () => ({ status: 200, json: await ports.census(true) }),
    },
  ];
}

const NO_SUCH_CALL: RouteResponse = {
  status: 404,
  json: { error: { code: 'call.unknown', detail: 'No such call' } },
};

function found(value: unknown): RouteResponse {
  return value === undefined ? NO_SUCH_CALL : { status: 200, json: value };
}
