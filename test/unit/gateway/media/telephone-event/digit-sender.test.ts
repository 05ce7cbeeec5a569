import { describe, expect, test } from '@jest/globals';
import { Agenda } from '../../../../../gateway/media/agenda.ts';
import { MOST_QUEUED_DIGITS } from '../../../../../gateway/media/limits.ts';
import { DigitSender } from '../../../../../gateway/media/telephone-event/digit-sender.ts';
import {
  eventDuration,
  eventOf,
  isEventEnd,
} from '../../../../../gateway/wire/rtp/telephone-event.ts';

function sender(eventClockRate = 8000) {
  const agenda = new Agenda();
  const bytes = new Uint8Array(64);
  const sent: {
    at: number;
    event: number;
    units: number;
    end: boolean;
    marker: boolean;
    timestamp: number;
  }[] = [];
  const digits = new DigitSender({
    eventClockRate,
    ptimeMs: 20,
    eventStart: (now) => now * 8,
    allocate: () => ({ bytes, offset: 0 }),
    sendEvent: (_offset, _length, marker, timestamp, at) => {
      const units = eventDuration(bytes, 12);
      sent.push({
        at,
        event: eventOf(bytes, 12),
        units,
        end: isEventEnd(bytes, 12),
        marker,
        timestamp,
      });
    },
    planDigit: (task, at) => agenda.plan(task, at),
  });
  const run = (until: number) => {
    for (let at = agenda.deadline(); at !== undefined && at <= until; at = agenda.deadline()) {
      agenda.takeDue(at)!.run(at);
    }
  };
  return { digits, sent, run, agenda };
}

describe('the sender of digits', () => {
  test('sends an event every 20 ms at one timestamp, marked first, ended three times', () => {
    const { digits, sent, run } = sender();
    digits.queue({ event: 5, durationMs: 100 }, 0);
    run(1_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 20, 40, 60, 80, 100, 120]);
    expect(sent.map(({ units }) => units)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(sent.map(({ end }) => end)).toEqual([false, false, false, false, true, true, true]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, ...new Array(6).fill(false)]);
    expect(new Set(sent.map(({ timestamp }) => timestamp))).toEqual(new Set([0]));
    expect(digits.isSending).toBe(false);
  });

  test('leaves a pause between two digits', () => {
    const { digits, sent, run } = sender();
    digits.queue({ event: 1, durationMs: 40 }, 0);
    digits.queue({ event: 2, durationMs: 40 }, 0);
    run(1_000);
    const [lastOfFirst] = sent.filter(({ event }) => event === 1).slice(-1);
    const [firstOfSecond] = sent.filter(({ event }) => event === 2);
    expect(firstOfSecond!.at - lastOfFirst!.at).toBe(70);
  });

  test('cuts a long event into segments', () => {
    const { digits, sent, run } = sender(48_000);
    digits.queue({ event: 3, durationMs: 1_500 }, 0);
    run(5_000);
    const segments = [...new Set(sent.map(({ timestamp }) => timestamp))];
    expect(segments).toEqual([0, 65_535]);
    expect(sent.filter(({ timestamp }) => timestamp === 0).at(-1)).toMatchObject({
      units: 65_535,
      end: false,
    });
    expect(sent.at(-1)).toMatchObject({ units: 72_000 - 65_535, end: true });
  });

  test('refuses more digits than may wait', () => {
    const { digits } = sender();
    for (let i = 0; i <= MOST_QUEUED_DIGITS; i += 1) digits.queue({ event: 1, durationMs: 40 }, 0);
    expect(digits.queue({ event: 1, durationMs: 40 }, 0)).toBe(false);
  });

  test('rests when there is nothing to send, and begins again', () => {
    const { digits, run, agenda, sent } = sender();
    digits.queue({ event: 1, durationMs: 40 }, 0);
    run(1_000);
    expect(agenda.size).toBe(0);
    const before = sent.length;
    digits.queue({ event: 2, durationMs: 40 }, 2_000);
    expect(sent.length).toBe(before + 1);
  });
});
