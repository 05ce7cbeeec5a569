import { describe, expect, test } from '@jest/globals';
import { meetingRate } from '../../../transcoder/codec.ts';
import { PCMA, PCMU } from '../../../transcoder/g711.ts';
import { codecLibrary } from '../../../transcoder/library.ts';

describe('The codec library', () => {
  test('always offers G.711, and what is handed in', () => {
    const wideband = { ...PCMU, name: 'wideband', sampleRates: [8000, 16000] };
    expect([...codecLibrary([wideband]).keys()]).toEqual(['pcmu', 'pcma', 'wideband']);
  });

  test('lets two codecs meet at the highest rate that both run at', () => {
    const opus = { ...PCMU, sampleRates: [8000, 12000, 16000, 24000, 48000] };
    const g722 = { ...PCMA, sampleRates: [16000] };
    expect(meetingRate(opus, PCMA)).toBe(8000);
    expect(meetingRate(opus, g722)).toBe(16000);
    expect(meetingRate(g722, PCMA)).toBeUndefined();
  });
});
