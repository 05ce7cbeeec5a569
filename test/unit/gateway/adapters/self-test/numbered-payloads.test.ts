import { expect, test } from '@jest/globals';
import { NumberedPayloads } from '../../../../../gateway/adapters/self-test/numbered-payloads.ts';

test('what comes back counts once, with its time; what nobody sent does not count', () => {
  let now = 0;
  const payloads = new NumberedPayloads(() => now);
  const [first, second] = [payloads.next(), payloads.next()];
  expect(payloads).toMatchObject({ sent: 2, roundTripsMs: [], firstReturnAt: undefined });
  now = 7;
  payloads.returned(first);
  payloads.returned(first);
  payloads.returned(Buffer.from([0xf8, 0, 0, 0, 9]));
  payloads.returned(Buffer.from([0xf8]));
  expect(payloads).toMatchObject({ sent: 2, roundTripsMs: [7], firstReturnAt: 7 });
  now = 9;
  payloads.returned(second);
  expect(payloads).toMatchObject({ sent: 2, roundTripsMs: [7, 9], firstReturnAt: 7 });
});
