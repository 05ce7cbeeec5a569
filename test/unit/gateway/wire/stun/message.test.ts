/** The registry of STUN attributes that we know. */
import { expect, test } from '@jest/globals';
import { attributeTypes } from '../../../../../gateway/wire/stun/message.ts';

test('only what a peer may safely ignore has a type of 0x8000 or more (RFC 8489 §14)', () => {
  const optional = Object.entries(attributeTypes).filter(([, type]) => type >= 0x8000);
  expect(optional.map(([name]) => name)).toEqual([
    'software',
    'fingerprint',
    'iceControlled',
    'iceControlling',
  ]);
});

test('no two attributes share a type', () => {
  const types = Object.values(attributeTypes);
  expect(new Set(types).size).toBe(types.length);
});
