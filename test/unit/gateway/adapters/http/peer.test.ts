import { expect, test } from '@jest/globals';
import { isLoopback } from '../../../../../gateway/adapters/http/peer.ts';

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['127.0.0.1.example', false],
  ['10.0.0.1', false],
  ['', false],
])('%s is on loopback: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
