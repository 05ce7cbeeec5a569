/** Tests of the house: paths in the documents exist, and only the field's words are used. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesUnder, ROOT, WRITTEN } from '../../support/house/source-files.ts';

const TEXT = ['.ts', '.tsx', '.mjs', '.cpp', '.hpp', '.md', '.txt', '.yaml', '.css', '.html'];

/** Words of whoever wrote the code, not of the code. Spelt in halves, so that this file passes. */
const FOREIGN = [
  ['/wo', 'rk/'],
  ['/tmp/br', 'ief'],
  ['shared/des', 'ign'],
  ['\\bINTE', 'ROP\\b'],
  ['\\bEVIDE', 'NCE\\b'],
  ['\\bARCHITEC', 'TURE\\.md'],
  ['\\bSTY', 'LE\\.md'],
  ['\\bJANUS-A', 'PI\\.md'],
  ['\\bsession \\d+ of ', 'the project'],
  ['\\bissue #?', '\\d'],
  ['\\bfoun', 'ders?\\b'],
  ['\\bthe bri', 'ef\\b'],
  ['\\bmust-', 'show\\b'],
  ['\\bsub-?ag', 'ents?\\b'],
  ['\\bClau', 'de\\b'],
  ['\\bAnthro', 'pic\\b'],
  ['\\bTO', 'DO\\b'],
  ['\\bFIX', 'ME\\b'],
  ['\\bXX', 'X\\b'],
].map((halves) => new RegExp(halves.join('')));

const TOP = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'NOTICE', 'package.json'];

const files = [
  ...filesUnder(WRITTEN, TEXT),
  ...TOP.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
];

describe('words', () => {
  test('every path named in the documents exists', () => {
    const inCode =
      /`((?:gateway|transcoder|config|admin-ui|docs|scripts|test|bench|soak)\/[\w./-]+)`/g;
    const missing = files
      .filter(({ path }) => path.startsWith('docs/') || path === 'README.md')
      .flatMap(({ path, text }) =>
        [...text.matchAll(inCode)].map((match) => ({ path, named: match[1] ?? '' })),
      )
      .filter(({ named }) => !existsSync(join(ROOT, named)))
      .map(({ path, named }) => `${path}: ${named}`);
    expect(missing).toEqual([]);
  });

  test('every link between the documents leads somewhere', () => {
    const broken = files
      .filter(({ path }) => path.endsWith('.md'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
          .map((match) => match[1] ?? '')
          .filter((link) => !/^[a-z]+:/.test(link))
          .filter((link) => !existsSync(join(ROOT, path, '..', link)))
          .map((link) => `${path}: ${link}`),
      );
    expect(broken).toEqual([]);
  });

  test('nothing speaks of how, where or by whom it was made', () => {
    const found = files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          FOREIGN.filter((word) => word.test(line)).map((word) => `${path}:${index + 1} ${word}`),
        ),
    );
    expect(found).toEqual([]);
  });
});
