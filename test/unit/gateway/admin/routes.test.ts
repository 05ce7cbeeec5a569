import { describe, expect, test } from '@jest/globals';
import type { AdminPorts } from '../../../../gateway/admin/ports.ts';
import { matchRoute } from '../../../../gateway/admin/route.ts';
import { adminRoutes } from '../../../../gateway/admin/routes.ts';

const PORTS: AdminPorts = {
  readiness: () => ({ ready: false, missing: ['no media process answers'] }),
  calls: {
    list: () => [{ call: 'one' }],
    find: (call) => (call === 'one' ? { call } : undefined),
    trace: (call) => (call === 'one' ? 'INVITE' : undefined),
  },
  census: async (collected) => ({ calls: 0, collected }),
  version: '1.2.3',
};

async function get(path: string) {
  const match = matchRoute(adminRoutes(PORTS), 'GET', path);
  if (!('route' in match)) throw new Error(`no route for ${path}`);
  return match.route.respond({ parameters: match.parameters });
}

describe('the HTTP API', () => {
  test('is healthy while it answers', async () => {
    expect(await get('/healthz')).toEqual({
      status: 200,
      json: { status: 'ok', version: '1.2.3' },
    });
  });

  test('says what is missing until it is ready', async () => {
    expect(await get('/readyz')).toEqual({
      status: 503,
      json: { ready: false, missing: ['no media process answers'] },
    });
  });

  test('lists calls, and gives one with its trace', async () => {
    expect(await get('/v1/calls')).toMatchObject({ json: { calls: [{ call: 'one' }] } });
    expect(await get('/v1/calls/one')).toEqual({ status: 200, json: { call: 'one' } });
    expect(await get('/v1/calls/one/trace')).toEqual({ status: 200, text: 'INVITE' });
  });

  test('counts what is alive, after a collection of garbage if asked to', async () => {
    expect(await get('/v1/census')).toEqual({ status: 200, json: { calls: 0, collected: false } });
    expect(await get('/v1/census/collected')).toEqual({
      status: 200,
      json: { calls: 0, collected: true },
    });
  });

  test.each(['/v1/calls/two', '/v1/calls/two/trace'])('%s is not found', async (path) => {
    expect(await get(path)).toMatchObject({
      status: 404,
      json: { error: { code: 'call.unknown' } },
    });
  });

  test('gives nobody but this machine what tells of calls', () => {
    const open = adminRoutes(PORTS).filter(({ policy }) => policy === 'public');
    expect(open.map(({ path }) => path)).toEqual(['/healthz', '/readyz']);
  });
});
