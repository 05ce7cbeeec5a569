import { expect, test } from '@jest/globals';
import { placeEchoCall } from '../../../../../gateway/adapters/self-test/echo-call.ts';

test('a gateway that does not run is told as the reason', async () => {
  const reply = await placeEchoCall({ url: 'ws://127.0.0.1:1/janus' });
  expect(reply).toEqual({ ok: false, detail: expect.stringContaining('ECONNREFUSED') });
}, 20_000);
