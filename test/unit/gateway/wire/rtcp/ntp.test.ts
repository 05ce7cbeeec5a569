/** NTP time in RTCP. */
import { describe, expect, test } from '@jest/globals';
import * as ntp from '../../../../../gateway/wire/rtcp/ntp.ts';

test('the epoch of Unix is 2,208,988,800 s after that of NTP', () => {
  expect(ntp.ntpFromWallClock(0)).toEqual({ seconds: 2208988800, fraction: 0 });
  expect(ntp.ntpFromWallClock(1500)).toEqual({ seconds: 2208988801, fraction: 0x80000000 });
});

test.each([0, 1, 1234567890123.25, Date.UTC(2026, 0, 1), Date.UTC(2036, 1, 7, 6, 28, 17), 4e12])(
  'wall clock %d ms survives, the era of 2036 included',
  (wallClockMs) => {
    const there = ntp.ntpFromWallClock(wallClockMs);
    expect(there.seconds).toBeLessThan(2 ** 32);
    expect(ntp.wallClockFromNtp(there)).toBeCloseTo(wallClockMs, 3);
  },
);

test('the middle 32 bits are the low half of the seconds and the high half of the fraction', () => {
  expect(ntp.middleOf({ seconds: 0xb44db705, fraction: 0x20000000 })).toBe(0xb7052000);
});

describe('The round trip is A − LSR − DLSR', () => {
  test('as in the example of RFC 3550 §6.4.1, figure 2', () => {
    const arrival = { seconds: 0xb44db710, fraction: 0x80000000 };
    expect(ntp.roundTripMs(arrival, 0xb7052000, 0x00054000)).toBeCloseTo(6125, 6);
  });

  test('across the wrap of the middle 32 bits', () => {
    const arrival = { seconds: 0x10000, fraction: 0x00800000 };
    expect(ntp.roundTripMs(arrival, 0xffffff80, 0x80)).toBeCloseTo(128 / 65.536, 6);
  });

  test('and unknown before a sender report was echoed, or when clocks make it negative', () => {
    const now = { seconds: 10, fraction: 0 };
    expect(ntp.roundTripMs(now, 0, 0)).toBeUndefined();
    expect(ntp.roundTripMs(now, 10 << 16, 1)).toBeUndefined();
  });
});

test('a delay is counted in 1/65536 s', () => {
  expect([0, 1000, 500].map(ntp.middleUnitsFromMs)).toEqual([0, 65536, 32768]);
});
