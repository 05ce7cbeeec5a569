import { describe, expect, test } from '@jest/globals';
import type { ReceivedStream } from '../../../../../gateway/media/relay/received-stream.ts';
import { SlowLink } from '../../../../../gateway/media/rtcp/slow-link.ts';

const streams = (lost: number) => [{ reception: { lost } }] as unknown as ReceivedStream[];

describe('a slow link', () => {
  test('is told when four packets or more were lost since the last look', () => {
    const link = new SlowLink();
    expect(link.downlink(streams(3), 0)).toBe(0);
    expect(link.downlink(streams(6), 1_000)).toBe(0);
    expect(link.downlink(streams(10), 2_000)).toBe(4);
  });

  test('is told every two seconds at most, each direction for itself', () => {
    const link = new SlowLink();
    expect(link.downlink(streams(10), 0)).toBe(10);
    expect(link.uplink(7, 500)).toBe(7);
    expect(link.downlink(streams(30), 1_000)).toBe(0);
    expect(link.downlink(streams(50), 2_000)).toBe(20);
    expect(link.uplink(9, 1_000)).toBe(0);
    expect(link.uplink(3, 9_000)).toBe(0);
  });
});
