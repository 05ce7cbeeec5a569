import { describe, expect, test } from '@jest/globals';
import { loggedFact } from '../../../../../gateway/adapters/calls/logged-fact.ts';
import { Personal } from '../../../../../gateway/core/log.ts';

function logged(value: string | number | boolean) {
  return loggedFact({ call: 'c', event: 'call.offered', fields: { value } }).value;
}

describe('a fact in the log', () => {
  test.each([
    ['sip:+4930123@pbx.example', 'number'],
    ['tel:+49-30-123', 'number'],
    ['sips:*97@pbx.example;user=phone', 'number'],
    ['sip:alice@example.org', 'name'],
    ['sip:2nd-floor@example.org', 'name'],
    ['SIP:example.org', 'name'],
    ['user:alice', 'name'],
    ['client guest', 'name'],
  ] as const)('has %s as a personal %s', (text, kind) => {
    expect(logged(text)).toEqual(new Personal(kind, text));
  });

  test.each(['setting-up', 'routes[0]', 'pcmu', 'none', 7, true])('has %j as it is', (value) => {
    expect(logged(value)).toBe(value);
  });

  test('names its call and its leg', () => {
    const fact = { call: 'c', leg: 'l', event: 'leg.inviting', fields: { keying: 'sdes' } };
    expect(loggedFact(fact)).toEqual({ call: 'c', leg: 'l', keying: 'sdes' });
  });
});
