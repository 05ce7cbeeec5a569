import { describe, expect, test } from '@jest/globals';
import { EventDetector } from '../../../../../gateway/media/telephone-event/event-detector.ts';
import { writeTelephoneEvent } from '../../../../../gateway/wire/rtp/telephone-event.ts';

function detector() {
  const made = new EventDetector();
  const bytes = new Uint8Array(4);
  const give = (event: number, timestamp: number, units: number, isEnd: boolean, now = 0) => {
    writeTelephoneEvent(bytes, 0, event, isEnd, 10, units);
    return made.receive(bytes, 0, timestamp, 8000, now);
  };
  return { made, give };
}

describe('the detector of digits', () => {
  test('tells a digit with the first of its ends, and not again with the others', () => {
    const { give } = detector();
    expect(give(5, 1_000, 160, false)).toBeUndefined();
    expect(give(5, 1_000, 800, true)).toEqual({ digit: '5', durationMs: 100 });
    expect(give(5, 1_000, 800, true)).toBeUndefined();
    expect(give(5, 1_000, 800, true)).toBeUndefined();
  });

  test('tells a digit of which only the end was heard', () => {
    const { give } = detector();
    expect(give(11, 0, 800, true)).toEqual({ digit: '#', durationMs: 100 });
  });

  test('tells a digit whose ends were lost when the next one begins, or after a while', () => {
    const { made, give } = detector();
    give(1, 1_000, 480, false, 0);
    expect(give(2, 3_000, 160, false, 100)).toEqual({ digit: '1', durationMs: 60 });
    expect(made.settle(200)).toBeUndefined();
    expect(made.settle(300)).toEqual({ digit: '2', durationMs: 20 });
    expect(made.settle(400)).toBeUndefined();
  });

  test('takes segments of one long event for one digit', () => {
    const { give } = detector();
    give(9, 0, 65_535, false);
    give(9, 65_535, 160, false);
    expect(give(9, 65_535, 14_465, true)).toEqual({ digit: '9', durationMs: 10_000 });
  });

  test('takes the same digit at a later time for a second one', () => {
    const { give } = detector();
    expect(give(1, 0, 400, true)).toBeDefined();
    expect(give(1, 800, 400, true)).toBeDefined();
  });

  test('says nothing of events that are no digits', () => {
    const { give } = detector();
    expect(give(64, 0, 400, true)).toBeUndefined();
  });
});
