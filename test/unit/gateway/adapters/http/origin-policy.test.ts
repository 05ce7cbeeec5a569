import { describe, expect, test } from '@jest/globals';
import { isOwnHost, judgeOrigin } from '../../../../../gateway/adapters/http/origin-policy.ts';

const POLICY = { allowed: ['https://app.example.com'], ownNames: ['pbx.example.org'] };

describe('which pages may use the APIs', () => {
  test.each([
    [undefined, 'anything', 'own'],
    ['http://127.0.0.1:8080', '127.0.0.1:8080', 'own'],
    ['http://localhost:8080', 'localhost:8080', 'own'],
    ['https://[2001:db8::1]:8443', '[2001:db8::1]:8443', 'own'],
    ['https://pbx.example.org', 'PBX.example.org', 'own'],
    ['https://app.example.com', '127.0.0.1:8080', 'allowed'],
    ['https://evil.example', '127.0.0.1:8080', 'refused'],
    ['http://127.0.0.1:9999', '127.0.0.1:8080', 'refused'],
    ['null', '127.0.0.1:8080', 'refused'],
    ['http://rebound.example:8080', 'rebound.example:8080', 'refused'],
    ['http://127.0.0.1:8080', undefined, 'refused'],
  ])('%s asking %s is %s', (origin, host, verdict) => {
    expect(judgeOrigin(POLICY, origin, host)).toBe(verdict);
  });

  test('an asterisk lets every page in', () => {
    const policy = { allowed: ['*'], ownNames: [] };
    expect(judgeOrigin(policy, 'https://any.example', 'x')).toBe('allowed');
  });
});

describe('which names are our own', () => {
  test.each([
    [undefined, true],
    ['127.0.0.1:8080', true],
    ['[::1]:8080', true],
    ['localhost:8080', true],
    ['PBX.example.org', true],
    ['rebound.example:8080', false],
    ['127.0.0.1.rebound.example', false],
    ['no host', false],
  ])('a request to %s is to us: %s', (host, expected) => {
    expect(isOwnHost(POLICY, host)).toBe(expected);
  });
});
