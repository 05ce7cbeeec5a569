/** The telephone-event payload. */
import { expect, test } from '@jest/globals';
import * as events from '../../../../../gateway/wire/rtp/telephone-event.ts';

test('an event is written and read at an offset', () => {
  const bytes = new Uint8Array(8).fill(0xff);
  expect(events.writeTelephoneEvent(bytes, 2, 11, true, 10, 1600)).toBe(4);
  expect(bytes).toEqual(Uint8Array.of(0xff, 0xff, 11, 0x8a, 0x06, 0x40, 0xff, 0xff));
  expect(events.eventOf(bytes, 2)).toBe(11);
  expect(events.isEventEnd(bytes, 2)).toBe(true);
  expect(events.eventVolume(bytes, 2)).toBe(10);
  expect(events.eventDuration(bytes, 2)).toBe(1600);
});

test('the duration is rewritten alone, up to sixteen bits', () => {
  const bytes = Uint8Array.of(1, 0x0a, 0, 160);
  events.setEventDuration(bytes, 0, events.LONGEST_SEGMENT_UNITS);
  expect(bytes).toEqual(Uint8Array.of(1, 0x0a, 0xff, 0xff));
  expect(events.isEventEnd(bytes, 0)).toBe(false);
});

test('the reserved bit is not taken for volume', () => {
  expect(events.eventVolume(Uint8Array.of(1, 0x40, 0, 0), 0)).toBe(0);
});

test('a payload shorter than four octets is no event', () => {
  expect([3, 4, 8].map(events.isTelephoneEvent)).toEqual([false, true, true]);
});

test('digits and events name each other (RFC 4733 §3.2)', () => {
  for (const [code, digit] of [...'0123456789*#ABCD!'].entries()) {
    expect(events.digitOfEvent(code)).toBe(digit);
    expect(events.eventOfDigit(digit)).toBe(code);
  }
  expect(events.eventOfDigit('d')).toBe(15);
  expect(['', 'E', '12', ' '].map(events.eventOfDigit)).toEqual(new Array(4).fill(undefined));
  expect([17, 255].map(events.digitOfEvent)).toEqual([undefined, undefined]);
});
