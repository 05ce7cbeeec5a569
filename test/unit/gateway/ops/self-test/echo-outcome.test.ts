import { expect, test } from '@jest/globals';
import { failEcho } from '../../../../../gateway/ops/self-test/echo-outcome.ts';

test('a call that failed is a plain value, the same after it crossed as JSON', () => {
  const failed = failEcho('echo.ice-failed', '192.0.2.1');
  expect(JSON.parse(JSON.stringify(failed))).toEqual({
    ok: false,
    fault: { code: 'echo.ice-failed', detail: '192.0.2.1' },
  });
});
