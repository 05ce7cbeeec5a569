/** Deadlines that may be missing. */
import { expect, test } from '@jest/globals';
import { earlier } from '../../../../gateway/core/time.ts';

test.each([
  [1, 2, 1],
  [2, 1, 1],
  [undefined, 2, 2],
  [2, undefined, 2],
  [undefined, undefined, undefined],
  [0, undefined, 0],
])('of the deadlines %p and %p the earlier is %p', (a, b, first) => {
  expect(earlier(a, b)).toBe(first);
});
