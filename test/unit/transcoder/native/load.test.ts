import { expect, test } from '@jest/globals';
import { loadOpus } from '../../../../transcoder/native/load.ts';

test('Codecs that are not built are a typed error that says how to build them', () => {
  const load = () => loadOpus('/nowhere/codecs.node');
  expect(load).toThrow(expect.objectContaining({ code: 'native.not_built' }));
  expect(load).toThrow('node scripts/build-native.mjs');
});
