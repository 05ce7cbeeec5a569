import { describe, expect, test } from '@jest/globals';
import { meetingRate } from '../../../transcoder/codec.ts';
import { PCMA, PCMU } from '../../../transcoder/g711.ts';

describe('Two codecs', () => {
  const opus = { ...PCMU, sampleRates: [8000, 12000, 16000, 24000, 48000] };
  const g722 = { ...PCMA, sampleRates: [16000] };

  test('meet at the highest rate that both run at', () => {
    expect(meetingRate(opus, PCMA)).toBe(8000);
    expect(meetingRate(opus, g722)).toBe(16000);
  });

  test('do not meet where they share no rate', () => {
    expect(meetingRate(g722, PCMA)).toBeUndefined();
  });
});
