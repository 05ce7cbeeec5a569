import { expect, test } from '@jest/globals';
import { Deadlines } from '../../../../gateway/sip/deadlines.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

test('keys fall due in the order of their time, equal times in the order of their names', () => {
  const deadlines = new Deadlines();
  const random = new SeededRandom(5);
  const expected = new Map<string, number>();
  for (let turn = 0; turn < 3000; turn += 1) {
    const key = `key-${Math.floor(random.next() * 200)}`;
    const at = random.next() < 0.3 ? undefined : Math.floor(random.next() * 50);
    deadlines.set(key, at);
    if (at === undefined) expected.delete(key);
    else expected.set(key, at);
  }
  const sorted = [...expected].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  expect(deadlines.size).toBe(sorted.length);
  expect(deadlines.earliest).toBe(sorted[0]?.[1]);
  for (const [key, at] of sorted) {
    expect(deadlines.takeDue(at - 1)).toBeUndefined();
    expect(deadlines.takeDue(at)).toBe(key);
  }
  expect(deadlines.size).toBe(0);
  expect(deadlines.takeDue(1e9)).toBeUndefined();
});
