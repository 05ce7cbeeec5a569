import { describe, expect, test } from '@jest/globals';
import { AddressTable } from '../../../../gateway/media/address-table.ts';
import { udpAddress } from '../../../../gateway/media/udp-address.ts';
import { fabricate } from '../../../sim/media/support/fabricated-datagram.ts';

const at = (index: number) => udpAddress(`203.0.${index >> 8}.${index & 255}`, 1000 + (index % 7))!;

describe('an address table', () => {
  test('finds a thousand peers by the 5-tuple of a datagram, and no stranger', () => {
    const table = new AddressTable<number>();
    for (let i = 0; i < 1_000; i += 1) table.set(1, at(i), i);
    expect(table.size).toBe(1_000);
    for (let i = 0; i < 1_000; i += 1) {
      const from = `203.0.${i >> 8}.${i & 255}`;
      expect(table.find(fabricate({ from, port: 1000 + (i % 7) }))).toBe(i);
    }
    expect(table.find(fabricate({ from: '203.0.0.1', port: 999 }))).toBeUndefined();
    expect(table.find(fabricate({ from: '203.0.0.1', port: 1001, socket: 2 }))).toBeUndefined();
  });

  test('keeps one value an address: the newest', () => {
    const table = new AddressTable<string>();
    table.set(1, at(1), 'old');
    table.set(1, at(1), 'new');
    expect(table.size).toBe(1);
    expect(table.peek(1, at(1))).toBe('new');
  });

  test('forgets what is deleted and keeps the rest of its bucket', () => {
    const table = new AddressTable<number>();
    for (let i = 0; i < 300; i += 1) table.set(1, at(i), i);
    for (let i = 0; i < 300; i += 2) table.delete(1, at(i));
    table.delete(1, at(0));
    expect(table.size).toBe(150);
    for (let i = 0; i < 300; i += 1) {
      expect(table.peek(1, at(i))).toBe(i % 2 === 0 ? undefined : i);
    }
  });
});
