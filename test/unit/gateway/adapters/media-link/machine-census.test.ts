import { closeSync, openSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { machineCensus } from '../../../../../gateway/adapters/media-link/machine-census.ts';

test('the census of the machine counts the descriptors and memory that there are', () => {
  const before = machineCensus.descriptors();
  const descriptor = openSync('/dev/null', 'r');
  expect(machineCensus.descriptors()).toBe(before + 1);
  closeSync(descriptor);
  expect(machineCensus.residentBytes()).toBeGreaterThan(machineCensus.heapUsedBytes() / 2);
  expect(() => machineCensus.collectGarbage()).not.toThrow();
});
