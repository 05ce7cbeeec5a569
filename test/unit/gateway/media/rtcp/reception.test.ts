import { describe, expect, test } from '@jest/globals';
import { Reception } from '../../../../../gateway/media/rtcp/reception.ts';

function receive(sequences: readonly number[]): Reception {
  const reception = new Reception();
  for (const sequence of sequences) reception.update(sequence);
  return reception;
}

describe('reception', () => {
  test('counts what the sequence numbers expect and what came', () => {
    const reception = receive([10, 11, 13, 12, 16]);
    expect(reception.expected).toBe(7);
    expect(reception.received).toBe(5);
    expect(reception.lost).toBe(2);
  });

  test('counts on across the wrap, with cycles in the upper sixteen bits', () => {
    const reception = receive([65_534, 65_535, 0, 1, 2]);
    expect(reception.lost).toBe(0);
    expect(reception.report().highestSequence).toBe(0x1_0002);
  });

  test('reports the share lost since the last report, out of 256, and all lost so far', () => {
    const reception = receive([1, 2, 3, 4]);
    expect(reception.report()).toMatchObject({ fractionLost: 0, cumulativeLost: 0 });
    for (const sequence of [5, 7]) reception.update(sequence);
    expect(reception.report()).toMatchObject({ fractionLost: 85, cumulativeLost: 1 });
    expect(reception.report()).toMatchObject({ fractionLost: 0, cumulativeLost: 1 });
  });

  test('never reports a negative share, though duplicates make the sum negative', () => {
    const reception = receive([1, 2, 2, 2]);
    expect(reception.report()).toMatchObject({ fractionLost: 0, cumulativeLost: -2 });
  });

  test('begins anew on a far jump only when the next packet goes on from there', () => {
    const reception = receive([1, 2]);
    expect(reception.update(30_000)).toBe('jumped');
    expect(reception.update(3)).toBe('newer');
    expect(reception.update(40_000)).toBe('jumped');
    expect(reception.update(40_001)).toBe('restarted');
    expect(reception.lost).toBe(0);
    expect(reception.update(39_990)).toBe('older');
  });

  test('estimates jitter as RFC 3550 A.8 does, across the wrap of the microseconds', () => {
    const reception = new Reception();
    let micros = 0x7fff_ff00;
    for (let i = 0; i < 200; i += 1) {
      reception.updateJitter(i * 160, micros | 0, 8000);
      micros += 20_000 + (i % 2 === 0 ? 1_000 : -1_000);
    }
    expect(reception.jitterUnits).toBeGreaterThan(7.9);
    expect(reception.jitterUnits).toBeLessThan(8.1);
  });

  test('takes a pause in sending for no jitter', () => {
    const reception = new Reception();
    reception.updateJitter(0, 0, 8000);
    reception.updateJitter(160, 20_000, 8000);
    reception.updateJitter(320, 5_000_000, 8000);
    expect(reception.jitterUnits).toBe(0);
  });
});
