import { describe, expect, test } from '@jest/globals';
import { MediaTime } from '../../../../../gateway/media/codec/media-time.ts';

describe('MediaTime', () => {
  test('counts milliseconds from the first timestamp, backwards too', () => {
    const time = new MediaTime(48_000);
    expect(time.hasBegun).toBe(false);
    expect(time.of(5_000)).toBe(0);
    expect(time.of(5_000 + 960)).toBe(20);
    expect(time.of(5_000 - 480)).toBe(-10);
    expect(time.hasBegun).toBe(true);
  });

  test('goes on through many wraps of the timestamp', () => {
    const time = new MediaTime(8_000);
    const start = 4_294_967_000;
    for (let step = 0; step < 200; step += 1) {
      expect(time.of((start + step * 0x0800_0000) >>> 0)).toBe((step * 0x0800_0000) / 8);
    }
  });

  test('begins again after a reset', () => {
    const time = new MediaTime(8_000);
    time.of(1_000);
    time.reset();
    expect(time.hasBegun).toBe(false);
    expect(time.of(77)).toBe(0);
  });
});
