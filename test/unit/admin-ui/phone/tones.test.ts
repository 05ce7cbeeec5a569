/** When the phone rings, what it sounds like, and that it falls silent. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Tones } from '../../../../admin-ui/phone/tones.ts';
import { FakeBrowser } from './fake-browser.ts';

let browser: FakeBrowser;

beforeEach(() => {
  jest.useFakeTimers();
  browser = new FakeBrowser();
  browser.install();
});

afterEach(() => {
  browser.remove();
  jest.useRealTimers();
});

function heard(): (readonly [hertz: number, untilSeconds: number])[] {
  return browser.contexts.flatMap(({ oscillators }) =>
    oscillators.map(({ frequency, stopsAt }) => [frequency.value, stopsAt] as const),
  );
}

describe('the phone’s own tones', () => {
  test('while it rings there: 425 Hz for one second in five (ITU-T E.180)', () => {
    new Tones().ringThere();
    expect(heard()).toEqual([[425, 1]]);
    jest.advanceTimersByTime(10_000);
    expect(heard()).toHaveLength(3);
  });

  test('while it rings here are others, so that nobody takes one for the other', () => {
    new Tones().ringHere();
    expect(heard().map(([hertz]) => hertz)).not.toContain(425);
  });

  test('end at once and let go of the loudspeaker', () => {
    const tones = new Tones();
    tones.ringThere();
    tones.stop();
    tones.stop();
    expect(browser.contexts.map(({ closed }) => closed)).toEqual([true]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('are one at a time', () => {
    const tones = new Tones();
    tones.ringHere();
    tones.ringThere();
    expect(browser.contexts.map(({ closed }) => closed)).toEqual([true, false]);
    expect(jest.getTimerCount()).toBe(1);
  });
});
