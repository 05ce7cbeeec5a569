/** Users of our own and what proves that somebody is one. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type User, Users, userKey } from '../../../../gateway/account/users.ts';

const REALM = 'causeway';
const PLAIN: User = {
  name: 'alice',
  password: 'wonder',
  codecs: ['opus'],
  mediaFromAnywhere: false,
};
const HASHED: User = {
  name: 'bob',
  domain: 'example.org',
  ha1: md5('bob:causeway:builder'),
  codecs: ['pcmu'],
  mediaFromAnywhere: false,
};
const users = new Users([PLAIN, HASHED], REALM);

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

describe('a user', () => {
  test('with a domain is found there only, one without at every address', () => {
    expect(users.at('bob', 'example.org')).toBe(HASHED);
    expect(users.at('bob', '192.0.2.1')).toBeUndefined();
    expect(users.at('alice', '192.0.2.1')).toBe(PLAIN);
    expect(users.keyAt('alice', 'example.org')).toBe('alice');
    expect(users.keyAt('nobody', 'example.org')).toBeUndefined();
  });

  test('is named over all domains', () => {
    expect(userKey(PLAIN)).toBe('alice');
    expect(userKey(HASHED)).toBe('bob@example.org');
    expect(users.get('bob@example.org')).toBe(HASHED);
  });

  test('has credentials in our realm only', () => {
    expect(users.credentials(REALM, 'alice')).toEqual({
      username: 'alice',
      password: 'wonder',
      ha1: undefined,
    });
    expect(users.credentials(REALM, 'bob@example.org')?.ha1?.MD5).toBe(HASHED.ha1);
    expect(users.credentials('elsewhere', 'alice')).toBeUndefined();
    expect(users.credentials(REALM, 'nobody')).toBeUndefined();
  });

  test.each([
    [PLAIN, { type: 'password', password: 'wonder' }, true],
    [PLAIN, { type: 'password', password: 'Wonder' }, false],
    [PLAIN, { type: 'password', password: '' }, false],
    [PLAIN, { type: 'ha1', ha1: md5('alice:causeway:wonder') }, true],
    [PLAIN, { type: 'ha1', ha1: 'short' }, false],
    [HASHED, { type: 'password', password: 'builder' }, true],
    [HASHED, { type: 'password', password: 'breaker' }, false],
    [HASHED, { type: 'ha1', ha1: HASHED.ha1!.toUpperCase() }, true],
    [PLAIN, { type: 'none' }, false],
    [{ ...PLAIN, password: undefined }, { type: 'password', password: 'wonder' }, false],
  ] as const)('%j with %j: admitted is %s', (user, secret, admitted) => {
    expect(users.admits(user, secret)).toBe(admitted);
  });
});
