import { expect, test } from '@jest/globals';
import { PCMU } from '../../../transcoder/g711.ts';
import { codecLibrary } from '../../../transcoder/library.ts';

test('The codec library always offers G.711, and what is handed in', () => {
  const wideband = { ...PCMU, name: 'wideband', sampleRates: [8000, 16000] };
  expect([...codecLibrary([wideband]).keys()]).toEqual(['pcmu', 'pcma', 'wideband']);
});
