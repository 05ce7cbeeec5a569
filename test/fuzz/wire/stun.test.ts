/** STUN from strangers. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildBindingError,
  buildBindingRequest,
  buildBindingSuccess,
} from '../../../gateway/wire/stun/build.ts';
import { hasIntegrity } from '../../../gateway/wire/stun/integrity.ts';
import { parseStun } from '../../../gateway/wire/stun/parse.ts';
import { damagedOctets } from '../mutation.ts';

const transactionId = new Uint8Array(12).fill(7);
const key = 'password';
const seeds = [
  buildBindingRequest({
    transactionId,
    username: 'remote:local',
    key,
    priority: 1,
    role: 'controlling',
    tieBreaker: 5n,
    useCandidate: true,
  }),
  buildBindingSuccess({ transactionId, key, mapped: { address: '2001:db8::1', port: 9 } }),
  buildBindingError({ transactionId, key, code: 420, reason: 'x', unknownAttributes: [1, 2, 3] }),
];
const pristine = new Set(seeds.map((seed) => Buffer.from(seed).toString('hex')));

test('any octets are parsed or refused, never thrown at', () => {
  fc.assert(
    fc.property(damagedOctets(seeds), fc.nat(30), (bytes, offset) => {
      const result = parseStun(bytes, offset, bytes.length - offset);
      if (result.ok) hasIntegrity(result.value, key);
    }),
    { numRuns: 5000 },
  );
});

test('nothing damaged is authentic', () => {
  fc.assert(
    fc.property(damagedOctets(seeds), (bytes) => {
      const result = parseStun(bytes);
      const authentic = result.ok && hasIntegrity(result.value, key);
      const untouched = pristine.has(Buffer.from(bytes).toString('hex'));
      // What follows MESSAGE-INTEGRITY is not covered by it.
      const covered = result.ok && result.value.integrityAt === bytes.length - 32;
      expect(authentic && covered && !untouched).toBe(false);
    }),
    { numRuns: 5000 },
  );
});
