/** The echo application. */
import { describe, expect, test } from '@jest/globals';
import { echo } from '../../../../../gateway/apps/echo/echo.ts';

describe('the echo', () => {
  test('answers every call and gives it its own media back', () => {
    const call = { call: 'c', from: { uri: 'sip:a@b' }, to: 'sip:echo@b', headers: [] };
    expect(echo.step(undefined, { type: 'offered', call }, 0).actions).toEqual([
      { type: 'answer' },
      { type: 'play', source: { kind: 'echo' } },
    ]);
  });

  test('does nothing more, whatever happens', () => {
    for (const input of [
      { type: 'connected' },
      { type: 'time' },
      { type: 'dtmf', digit: '1', durationMs: 100 },
    ] as const) {
      expect(echo.step(null, input, 0)).toEqual({ state: null, actions: [] });
    }
  });
});
