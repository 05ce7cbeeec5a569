import { describe, expect, test } from '@jest/globals';
import { algorithmNamed, digestResponse, ha1Of, hash } from '../../../../gateway/sip/digest.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const request = {
  method: 'GET',
  uri: '/dir/index.html',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  qop: 'auth',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
} as const;

describe('the digest calculation', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('with %s gives the example of RFC 7616 §3.9.1', (algorithm, response) => {
    const ha1 = ha1Of(
      { ...mufasa, password: 'Circle of Life' },
      'http-auth@example.org',
      algorithm,
    );
    expect(digestResponse(ha1!, { ...request, algorithm })).toBe(response);
  });

  test('without qop is the calculation of RFC 2069', () => {
    const parts = { algorithm: 'MD5', method: 'REGISTER', uri: 'sip:x', nonce: 'n' } as const;
    expect(digestResponse('a', parts)).toBe(hash('MD5', `a:n:${hash('MD5', 'REGISTER:sip:x')}`));
  });

  test('takes a stored HA1 of its algorithm instead of a password, or does without', () => {
    const stored = { username: 'u', ha1: { MD5: 'ABCD' } };
    expect(ha1Of(stored, 'r', 'MD5')).toBe('abcd');
    expect(ha1Of(stored, 'r', 'SHA-256')).toBeUndefined();
  });

  test('knows MD5, which is meant when nothing is said, and SHA-256', () => {
    expect([undefined, 'md5', 'SHA-256', 'MD5-sess'].map(algorithmNamed)).toEqual([
      'MD5',
      'MD5',
      'SHA-256',
      undefined,
    ]);
  });
});
