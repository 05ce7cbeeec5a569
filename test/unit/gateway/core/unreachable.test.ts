/** The end of a switch that should never be reached. */
import { expect, test } from '@jest/globals';
import { unreachable } from '../../../../gateway/core/unreachable.ts';

test('a value that lied about its type is thrown with what it was', () => {
  expect(() => unreachable('ghost' as never)).toThrow('unreachable: "ghost"');
});
