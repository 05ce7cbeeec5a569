import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../../../gateway/core/log.ts';
import { isAuthorised } from '../../../../gateway/janus/authorisation.ts';

const NOW_MS = 1_700_000_000_000;

describe('authorisation', () => {
  test('lets everybody in where nothing is configured', () => {
    expect(isAuthorised({ tokens: [] }, {}, NOW_MS)).toBe(true);
  });

  test.each([
    [{ apiSecret: 'secret' }, true],
    [{ token: 'two' }, true],
    [{ apiSecret: 'two' }, false],
    [{ token: 'secret' }, false],
    [{ token: 'tw' }, false],
    [{}, false],
  ])('with a secret and two tokens %j gives %s', (presented, expected) => {
    const options = {
      apiSecret: new Secret('secret'),
      tokens: [new Secret('one'), new Secret('two')],
    };
    expect(isAuthorised(options, presented, NOW_MS)).toBe(expected);
  });

  test.each(['', ':', 'x', '9999999999,janus,p:', '9999999999,other,p:AAAA'])(
    'the signed token %j is none',
    (token) => {
      const options = { tokens: [], tokenSigningKey: new Secret('key') };
      expect(isAuthorised(options, { token }, NOW_MS)).toBe(false);
    },
  );
});
