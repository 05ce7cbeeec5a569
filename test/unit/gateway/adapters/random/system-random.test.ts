/** The machine's randomness: as long as asked for, never twice the same octets. */
import { describe, expect, test } from '@jest/globals';
import { SystemRandom } from '../../../../../gateway/adapters/random/system-random.ts';

describe('system randomness', () => {
  test.each([0, 1, 16, 1_024, 5_000])('gives exactly %i octets', (length) => {
    expect(new SystemRandom().bytes(length)).toHaveLength(length);
  });

  test('gives no octets out twice, across refills of the pool', () => {
    const random = new SystemRandom();
    const drawn = Array.from({ length: 2_000 }, () =>
      Buffer.from(random.bytes(16)).toString('hex'),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test('what was given out is the caller’s own and does not change later', () => {
    const random = new SystemRandom();
    const first = random.bytes(32);
    const copy = [...first];
    for (let draw = 0; draw < 500; draw += 1) random.bytes(32);
    expect([...first]).toEqual(copy);
  });
});
