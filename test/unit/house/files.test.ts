/** Tests of the house: how files begin, how long they are, their names, and what tests them. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import {
  filesUnder,
  nodesOf,
  PRODUCT,
  placeOf,
  ROOT,
  type SourceFile,
  syntaxOf,
} from '../../support/house/source-files.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;
const MAX_COLUMNS = 100;

const product = filesUnder(PRODUCT, ['.ts', '.tsx']);
const native = filesUnder(PRODUCT, ['.cpp', '.hpp']);
const scripts = filesUnder(['scripts'], ['.mjs']);
const tests = filesUnder(['test', 'bench', 'soak'], ['.ts']);

/** Run as whole programs by the tests with real peers. */
const ROOTS = /^gateway\/(main|signalling-process|media-process|store-process|cli)(\.ts$|\/)/;

/** Names that say nothing of the field, unless a protocol itself says them. */
const EMPTY_NAMES = /(^|-)(manager|handler|utils?|helpers?|data|info|misc|common|index)(-|\.|$)/;
const NAMED_BY_A_PROTOCOL = new Set(['server-info']);

function isEmptyName(name: string): boolean {
  return EMPTY_NAMES.test(name) && !NAMED_BY_A_PROTOCOL.has(name);
}

function lineCount(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** A function with a body, of whatever kind; a signature is only a type. */
function isFunction(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function hasBehaviour(file: SourceFile): boolean {
  return nodesOf(syntaxOf(file), isFunction).length > 0;
}

describe('files', () => {
  test('every source file opens with a sentence that says what it is for', () => {
    const sentence = /^(#!.*\n)?(\/\*\*(\n \*)?|\/\/\/?) [A-Z`][^\n]/;
    const supports = tests.filter(({ path }) => !path.endsWith('.test.ts'));
    const mute = [...product, ...native, ...scripts, ...supports].filter(
      ({ text }) => !sentence.test(text),
    );
    expect(mute.map(({ path }) => path)).toEqual([]);
  });

  test(`no source file is longer than ${MAX_FILE_LINES} lines`, () => {
    const long = [...product, ...native, ...scripts]
      .filter(({ text }) => lineCount(text) > MAX_FILE_LINES)
      .map(({ path, text }) => `${path}: ${lineCount(text)}`);
    expect(long).toEqual([]);
  });

  test(`no function of the product is longer than ${MAX_FUNCTION_LINES} lines`, () => {
    const long = product.flatMap((file) => {
      const source = syntaxOf(file);
      return nodesOf(source, isFunction)
        .filter((node) => lineCount(node.getText(source)) > MAX_FUNCTION_LINES)
        .map((node) => placeOf(source, node));
    });
    expect(long).toEqual([]);
  });

  test(`no comment runs past column ${MAX_COLUMNS}`, () => {
    const wide = [...product, ...native, ...scripts, ...tests].flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
        .filter(({ line }) => line.length > MAX_COLUMNS && /^\s*(\/\/|\*|\/\*)/.test(line))
        .filter(({ line }) => !line.includes('https://'))
        .map(({ place }) => place),
    );
    expect(wide).toEqual([]);
  });

  test('files are kebab-case nouns of the field', () => {
    const odd = [...product, ...scripts, ...tests]
      .map(({ path }) => path)
      .filter((path) => {
        const name = basename(path).replace(/(\.test|\.d)?\.(tsx?|mjs)$/, '');
        return !/^[a-z0-9]+(-[a-z0-9]+)*(\.config)?$/.test(name) || isEmptyName(name);
      });
    expect(odd).toEqual([]);
  });

  test('every source file with behaviour has a test beside its path', () => {
    const folders = ['unit', 'sim', 'native', 'interop'];
    const sources = [
      ...product.filter(({ path }) => !ROOTS.test(path) && path.endsWith('.ts')),
      ...scripts.filter(({ path }) => path.split('/').length > 2),
    ].filter(({ path }) => !path.endsWith('.d.ts') && !path.endsWith('.config.ts'));
    const untested = sources
      .filter(hasBehaviour)
      .map(({ path }) => path)
      .filter((path) => {
        const name = path.replace(/\.(ts|mjs)$/, '.test.ts');
        return !folders.some((folder) => existsSync(join(ROOT, 'test', folder, name)));
      });
    expect(untested).toEqual([]);
  });
});
