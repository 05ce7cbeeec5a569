import { describe, expect, test } from '@jest/globals';
import { localUfragOf, makeCredentials } from '../../../../../gateway/media/ice/credentials.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

describe('ICE credentials', () => {
  test('name the process, are of ICE’s characters, and never the same twice', () => {
    const random = new SeededRandom(1);
    const made = Array.from({ length: 100 }, () => makeCredentials('m3', random));
    for (const { ufrag, pwd } of made) {
      expect(ufrag).toMatch(/^m3[A-Za-z0-9+/]{8}$/);
      expect(pwd).toMatch(/^[A-Za-z0-9+/]{24}$/);
    }
    expect(new Set(made.map(({ pwd }) => pwd)).size).toBe(100);
  });

  test('are named by a USERNAME before its colon', () => {
    expect(localUfragOf('m3abc:their')).toBe('m3abc');
    expect(localUfragOf('nocolon')).toBeUndefined();
    expect(localUfragOf(':their')).toBeUndefined();
    expect(localUfragOf(undefined)).toBeUndefined();
  });
});
