import { describe, expect, test } from '@jest/globals';
import { JitterBuffer } from '../../../../../gateway/media/codec/jitter-buffer.ts';

function insert(buffer: JitterBuffer, sequence: number, timestamp = sequence * 160) {
  return buffer.insert(sequence & 0xffff, timestamp >>> 0, Uint8Array.of(0, sequence & 0xff), 1, 1);
}

describe('JitterBuffer', () => {
  test('gives packets in the order of their sequence numbers, across the wrap', () => {
    const buffer = new JitterBuffer();
    for (const sequence of [65534, 65536, 65535, 65537]) insert(buffer, sequence);
    const taken = [buffer.take(), buffer.take(), buffer.take(), buffer.take()];
    expect(taken.map((packet) => packet?.sequence)).toEqual([65534, 65535, 0, 1]);
    expect(taken.map((packet) => packet?.payload[0])).toEqual([254, 255, 0, 1]);
  });

  test('lets an earlier packet come first as long as nothing was taken', () => {
    const buffer = new JitterBuffer();
    insert(buffer, 11);
    expect(insert(buffer, 10)).toBe('kept');
    expect(buffer.take()?.sequence).toBe(10);
    expect(insert(buffer, 9)).toBe('late');
  });

  test('counts what is missing before the earliest packet, and gives it up on request', () => {
    const buffer = new JitterBuffer();
    insert(buffer, 1);
    buffer.take();
    insert(buffer, 4);
    expect(buffer.missing()).toBe(2);
    buffer.skip();
    expect(buffer.missing()).toBe(1);
    expect(insert(buffer, 2)).toBe('late');
    expect(insert(buffer, 3)).toBe('kept');
  });

  test('tells a duplicate and a jump', () => {
    const buffer = new JitterBuffer();
    insert(buffer, 1);
    expect(insert(buffer, 1)).toBe('duplicate');
    expect(insert(buffer, 65)).toBe('jumped');
    expect(insert(buffer, 30000)).toBe('jumped');
    expect(buffer.size).toBe(1);
  });

  test('measures the media time that it holds', () => {
    const buffer = new JitterBuffer();
    expect(buffer.span()).toBe(0);
    insert(buffer, 1, 0xffffff00);
    insert(buffer, 3, 0xffffff00 + 320);
    expect(buffer.span()).toBe(320);
  });

  test('is empty again after a reset', () => {
    const buffer = new JitterBuffer();
    insert(buffer, 1);
    buffer.reset();
    expect(buffer.earliest()).toBeUndefined();
    expect(insert(buffer, 40000)).toBe('kept');
    expect(buffer.size).toBe(1);
  });
});
