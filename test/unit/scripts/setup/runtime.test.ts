/** Which Node everything runs under. */
import { describe, expect, test } from '@jest/globals';
import { ensureRuntime, headersOf, isNewEnough } from '../../../../scripts/setup/runtime.mjs';

describe('the runtime', () => {
  test.each([
    ['v20.20.2', false],
    ['v23.11.0', false],
    ['v24.0.0', true],
    ['v26.1.0', true],
    ['v100.0.0', true],
  ])('%s is new enough: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });

  test('its headers lie beside its folder', () => {
    expect(headersOf('/opt/node/bin/node')).toBe('/opt/node/include/node');
  });

  test('the Node that runs these tests needs no other', async () => {
    const { node } = await ensureRuntime('/nowhere');
    expect(node).toBe(process.execPath);
  });
});
