import { expect, test } from '@jest/globals';
import { placeEchoCall } from '../../../../../gateway/adapters/self-test/echo-call.ts';

test('the process says what came of the call and ends, though nobody answers it', async () => {
  const outcome = await placeEchoCall({ url: 'ws://127.0.0.1:1/janus', addresses: [] });
  expect(outcome).toEqual({
    ok: false,
    fault: { code: 'echo.no-websocket', detail: expect.stringContaining('ECONNREFUSED') },
  });
});
