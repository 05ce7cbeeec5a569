/** The ring of records in memory taken once. */
import { describe, expect, test } from '@jest/globals';
import { RecordRing } from '../../../../../gateway/ops/trace/record-ring.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

function contents(ring: RecordRing): string[] {
  return [...ring.records()].map(({ key, payload }) => `${key}=${Buffer.from(payload)}`);
}

describe('a ring', () => {
  test('gives back what was put in, in order', () => {
    const ring = new RecordRing(1_000);
    ring.append('a', Buffer.from('one'));
    ring.append('ü', Buffer.from(''));
    expect(contents(ring)).toEqual(['a=one', 'ü=']);
  });

  test('lets the oldest give way, and tells so', () => {
    const evicted: string[] = [];
    const ring = new RecordRing(30, ({ key }) => evicted.push(key));
    for (const key of ['a', 'b', 'c', 'd']) ring.append(key, Buffer.from('12345'));
    expect(evicted).toEqual(['a', 'b']);
    expect(contents(ring)).toEqual(['c=12345', 'd=12345']);
    expect(ring.sizeBytes).toBe(24);
  });

  test('refuses a record larger than itself, and keeps the others', () => {
    const ring = new RecordRing(20);
    ring.append('a', Buffer.from('1'));
    expect(ring.append('b', Buffer.alloc(100))).toBe(false);
    expect(contents(ring)).toEqual(['a=1']);
  });

  test('holds the latest records whatever their sizes, however often it wraps', () => {
    const dice = new SeededRandom(4);
    const ring = new RecordRing(997);
    const all: string[] = [];
    for (let step = 0; step < 5_000; step += 1) {
      const text = 'x'.repeat(dice.below(120)) + step;
      ring.append(`k${step % 7}`, Buffer.from(text));
      all.push(`k${step % 7}=${text}`);
      const held = contents(ring);
      expect(held).toEqual(all.slice(-held.length));
      expect(ring.sizeBytes).toBeLessThanOrEqual(997);
    }
  });
});
