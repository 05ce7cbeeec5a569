/** Single rules of the routing table. */
import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../../../../gateway/routing/decision.ts';
import { RoutingRule } from '../../../../gateway/routing/rule.ts';

const CALLERS: readonly Caller[] = [
  { kind: 'user', name: 'alice' },
  { kind: 'trunk', name: 'pbx' },
  { kind: 'client' },
  { kind: 'stranger' },
];

describe('a rule', () => {
  test.each([
    ['any', ['user', 'trunk', 'client', 'stranger']],
    ['users', ['user']],
    ['trunks', ['trunk']],
    ['api', ['client']],
    ['user:alice', ['user']],
    ['user:bob', []],
    ['trunk:pbx', ['trunk']],
    ['trunk:alice', []],
  ])('from %s takes calls of %j', (from, kinds) => {
    const rule = new RoutingRule({ from, called: /^.*$/u, to: { kind: 'as-dialled' } });
    const taken = CALLERS.filter((caller) => rule.match(caller, 'x', 'y') !== undefined);
    expect(taken.map(({ kind }) => kind)).toEqual(kinds);
  });

  test('matches what is called and where, and may rewrite it', () => {
    const rule = new RoutingRule({
      from: 'any',
      called: /^(?:00(\d+))$/u,
      calledDomain: /^(?:example\.org)$/u,
      rewrite: '+$1',
      to: { kind: 'trunk', name: 'pbx' },
    });
    const caller = CALLERS[0]!;
    expect(rule.match(caller, '0049123', 'example.org')).toBe('+49123');
    expect(rule.match(caller, '0049123', 'example.com')).toBeUndefined();
    expect(rule.match(caller, '49123', 'example.org')).toBeUndefined();
  });
});
