import { expect, test } from '@jest/globals';
import { loadNative } from '../../../../gateway/native/load.ts';

test('An addon that is not built is a typed error that says how to build it', () => {
  const load = () => loadNative('/nowhere/media.node');
  expect(load).toThrow(expect.objectContaining({ code: 'native.not_built' }));
  expect(load).toThrow('/nowhere/media.node');
  expect(load).toThrow('node scripts/build-native.mjs');
});
