/** Keys change their spelling on the way from the file to the program; values do not. */
import { describe, expect, test } from '@jest/globals';
import { camelCased } from '../../../config/camel-case.ts';
import { Secret } from '../../../gateway/core/log.ts';

describe('camel case', () => {
  test('keys change at every depth, inside lists too', () => {
    expect(camelCased({ a_b: [{ c_d_e: 1 }], plain: { f_2: null } })).toEqual({
      aB: [{ cDE: 1 }],
      plain: { f2: null },
    });
  });

  test('secrets and patterns stay what they are', () => {
    const written = { api_secret: new Secret('x'), called: /^a$/u };
    const renamed = camelCased(written);
    expect(renamed.apiSecret).toBe(written.api_secret);
    expect(renamed.called).toBe(written.called);
  });

  test('text is not touched', () => {
    expect(camelCased({ name: 'snake_case' })).toEqual({ name: 'snake_case' });
  });
});
