/** Results: a value or a fault, never both. */
import { expect, test } from '@jest/globals';
import { fail, succeed } from '../../../../gateway/core/result.ts';

test('a success carries its value, be it nothing', () => {
  expect([succeed(7), succeed(undefined)]).toEqual([
    { ok: true, value: 7 },
    { ok: true, value: undefined },
  ]);
});

test('a failure carries a stable code and words for people', () => {
  expect(fail('rtcp.truncated', '3 bytes')).toEqual({
    ok: false,
    fault: { code: 'rtcp.truncated', detail: '3 bytes' },
  });
});
