import { describe, expect, test } from '@jest/globals';
import { EventRelay } from '../../../../../gateway/media/telephone-event/event-relay.ts';
import {
  eventDuration,
  writeTelephoneEvent,
} from '../../../../../gateway/wire/rtp/telephone-event.ts';

function relay(fromRate: number, toRate: number) {
  const made = new EventRelay(fromRate, toRate);
  const bytes = new Uint8Array(4);
  let sequence = 0;
  const give = (
    timestamp: number,
    units: number,
    more: { end?: boolean; at?: number; back?: number } = {},
  ) => {
    sequence += 1;
    writeTelephoneEvent(bytes, 0, 5, more.end ?? false, 10, units);
    const out = made.relay(bytes, 0, sequence - (more.back ?? 0), timestamp, more.at ?? 9_000);
    return out && { timestamp: out.timestamp, marker: out.marker, units: eventDuration(bytes, 0) };
  };
  return give;
}

describe('the relay of events', () => {
  test('scales durations and keeps one timestamp for the whole event', () => {
    const give = relay(8000, 48_000);
    expect(give(100, 160)).toEqual({ timestamp: 9_000, marker: true, units: 960 });
    expect(give(100, 320, { at: 9_999 })).toEqual({
      timestamp: 9_000,
      marker: false,
      units: 1_920,
    });
    expect(give(100, 800, { end: true })).toEqual({
      timestamp: 9_000,
      marker: false,
      units: 4_800,
    });
    expect(give(100, 800, { end: true })).toEqual({
      timestamp: 9_000,
      marker: false,
      units: 4_800,
    });
  });

  test('begins anew with another timestamp', () => {
    const give = relay(48_000, 8000);
    give(0, 4_800, { end: true });
    expect(give(9_600, 960, { at: 10_600 })).toEqual({
      timestamp: 10_600,
      marker: true,
      units: 160,
    });
  });

  test('cuts what sixteen bits cannot hold into segments, the marker on the first only', () => {
    const give = relay(8000, 48_000);
    give(0, 160);
    expect(give(0, 10_922)).toEqual({ timestamp: 9_000, marker: false, units: 65_532 });
    expect(give(0, 11_000)).toEqual({ timestamp: 74_535, marker: false, units: 465 });
  });

  test('joins incoming segments into one event', () => {
    const give = relay(48_000, 8000);
    give(0, 65_535);
    const next = give(65_535, 4_800, { at: 20_000 });
    expect(next).toEqual({ timestamp: 9_000, marker: false, units: 11_723 });
  });

  test('leaves out packets that come late', () => {
    const give = relay(8000, 8000);
    give(0, 160);
    give(0, 320);
    expect(give(0, 160, { back: 2 })).toBeUndefined();
  });
});
