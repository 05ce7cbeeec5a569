import { describe, expect, test } from '@jest/globals';
import { matchRoute, type Route } from '../../../../gateway/admin/route.ts';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  policy: 'public',
  respond: () => ({ status: 200, json: {} }),
});
const ROUTES = [route('GET', '/v1/calls'), route('GET', '/v1/calls/:call/trace')];

describe('finding a route', () => {
  test('gives the parts of the path that the pattern names, decoded', () => {
    expect(matchRoute(ROUTES, 'GET', '/v1/calls/a%2Fb/trace')).toEqual({
      route: ROUTES[1],
      parameters: { call: 'a/b' },
    });
  });

  test.each([
    '/v1',
    '/v1/calls/',
    '/v1/calls//trace',
    '/v1/calls/%zz/trace',
    '/v1/calls/a/b/trace',
  ])('%s is no route', (path) => {
    expect(matchRoute(ROUTES, 'GET', path)).toEqual({ allowed: [] });
  });

  test('with the wrong method it tells the right ones', () => {
    expect(matchRoute(ROUTES, 'DELETE', '/v1/calls')).toEqual({ allowed: ['GET'] });
  });
});
