/** When the installed packages are those of the lock file. */
import { describe, expect, test } from '@jest/globals';
import { holdsAll } from '../../../../scripts/setup/npm-packages.mjs';

const wanted = {
  '': { name: 'causeway' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b-darwin': { version: '2.0.0', optional: true },
};

describe('installed packages', () => {
  test.each([
    ['all there', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['another version', { 'node_modules/a': { version: '1.0.1' } }, false],
    ['one missing', {}, false],
    [
      'an optional one in another version',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-darwin': { version: '1.0.0' } },
      false,
    ],
  ])('%s: %s', (_, present, good) => {
    expect(holdsAll(wanted, present)).toBe(good);
  });
});
