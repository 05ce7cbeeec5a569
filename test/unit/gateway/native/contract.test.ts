import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as contract from '../../../../gateway/native/contract.ts';

const CORE = join(import.meta.dirname, '../../../../gateway/native/core');

/** The integer constants `kName = value` of a header, by name; sums of earlier ones included. */
function constantsOf(header: string): Map<string, number> {
  const text = readFileSync(join(CORE, header), 'utf8');
  const found = new Map<string, number>();
  for (const [, name, expression] of text.matchAll(/\b(k\w+) = ([-\w\s]+)[;,]/g)) {
    const terms = (expression as string).replaceAll(/\s/g, '').split('-');
    const values = terms.map((term) => (term === '' ? 0 : (found.get(term) ?? Number(term))));
    found.set(
      name as string,
      values.reduce((difference, value) => difference - value),
    );
  }
  return found;
}

/** SCREAMING_CASE as the core writes it: SLOT_BYTES is kSlotBytes. */
function coreName(name: string): string {
  const words = name.toLowerCase().split('_');
  return `k${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

describe('The contract of the native primitives', () => {
  const core = new Map([
    ...constantsOf('arena.hpp'),
    ...constantsOf('udp-receiver.hpp'),
    ...constantsOf('srtp-context.hpp'),
  ]);
  const constants = Object.entries(contract).filter(([, value]) => typeof value === 'number');

  test.each(constants)('%s is what the core says', (name, value) => {
    expect(core.get(coreName(name))).toBe(value);
  });

  test('leaves room around a received datagram for a header extension and an SRTP trailer', () => {
    const { HEADROOM_BYTES, MAX_DATAGRAM_BYTES, SLOT_BYTES } = contract;
    expect(HEADROOM_BYTES).toBeGreaterThanOrEqual(64);
    expect(SLOT_BYTES - HEADROOM_BYTES - MAX_DATAGRAM_BYTES).toBeGreaterThanOrEqual(160);
    expect(MAX_DATAGRAM_BYTES).toBeGreaterThanOrEqual(1500);
  });
});
