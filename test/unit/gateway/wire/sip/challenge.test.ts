import { expect, test } from '@jest/globals';
import {
  BARE_IN_CREDENTIALS,
  parseAuthentication,
  serialiseDigest,
} from '../../../../../gateway/wire/sip/challenge.ts';

test('a challenge is a scheme and named values, with commas in quotes', () => {
  const value = parseAuthentication(
    'DIGEST realm="a, b" ,nonce = "n\\"x", stale=TRUE,qop="auth,auth-int"',
  );
  expect(value?.scheme).toBe('digest');
  expect(Object.fromEntries(value!.parameters)).toEqual({
    realm: 'a, b',
    nonce: 'n"x',
    stale: 'TRUE',
    qop: 'auth,auth-int',
  });
});

test('a value given twice or never finished is no challenge', () => {
  for (const bad of ['Digest a=1, a=2', 'Digest a="x', 'Digest a', '', 'Di gest@ a=1']) {
    expect({ bad, value: parseAuthentication(bad) }).toEqual({ bad, value: undefined });
  }
});

test('credentials leave qop, nc and algorithm without quotes, challenges quote qop', () => {
  const parameters = [
    ['realm', 'a"b'],
    ['qop', 'auth'],
    ['nc', '00000001'],
    ['opaque', undefined],
  ] as const;
  expect(serialiseDigest(parameters)).toBe('Digest realm="a\\"b", qop="auth", nc=00000001');
  expect(serialiseDigest(parameters, BARE_IN_CREDENTIALS)).toBe(
    'Digest realm="a\\"b", qop=auth, nc=00000001',
  );
});
