/** The list of Debian packages and what it is read as. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parsePackageList } from '../../../../scripts/setup/debian-packages.mjs';

const LIST = new URL('../../../../scripts/setup/debian-packages.txt', import.meta.url);

describe('Debian packages', () => {
  test('a purpose selects its rows, each name once', () => {
    const text = '# a comment\nrun  g++  compiler\n\ntest gdb  x\nbench gdb y\n';
    expect(parsePackageList(text, ['run'])).toEqual([{ name: 'g++' }]);
    expect(parsePackageList(text, ['test', 'bench'])).toEqual([{ name: 'gdb' }]);
  });

  test('a name may ask for a least version', () => {
    const text = 'test firefox-esr>=143  a browser\n';
    expect(parsePackageList(text, ['test'])).toEqual([{ name: 'firefox-esr', least: '143' }]);
  });

  test('every row of the list has a known purpose, a name and a reason', () => {
    const rows = readFileSync(LIST, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'));
    expect(
      rows.filter((row) => !/^(run|test|bench) +[a-z0-9][a-z0-9+.-]+(>=[0-9.]+)? +\S/.test(row)),
    ).toEqual([]);
    expect(rows.length).toBeGreaterThan(10);
  });
});
