/** How many media processes there are, and where. */
import { describe, expect, test } from '@jest/globals';
import { mediaPlaces, runDirectory } from '../../../../../gateway/adapters/process/media-places.ts';

describe('places of media processes', () => {
  test.each([
    [0, 1, 1],
    [0, 2, 1],
    [0, 8, 7],
    [3, 2, 3],
  ])('%i configured on %i processors are %i', (configured, processors, count) => {
    expect(mediaPlaces('./data', configured, processors)).toHaveLength(count);
  });

  test('each has its name, its place in the row and its socket', () => {
    expect(mediaPlaces('/var/lib/causeway', 2, 8)).toEqual([
      { id: 'm0', index: 0, socket: '/var/lib/causeway/run/media-0.sock' },
      { id: 'm1', index: 1, socket: '/var/lib/causeway/run/media-1.sock' },
    ]);
  });

  test('sockets lie in the run directory', () => {
    expect(runDirectory('/d')).toBe('/d/run');
  });
});
