/** Tests of the house: who may touch the clock, chance and the machine, and how tests behave. */
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import {
  filesUnder,
  nodesOf,
  PRODUCT,
  placeOf,
  type SourceFile,
  syntaxOf,
} from '../../support/house/source-files.ts';

const TOUCHING =
  /^(gateway\/(adapters\/|native\/|main|signalling-process|media-process|store-process|cli)|transcoder\/native|admin-ui\/)/;

const product = filesUnder(PRODUCT, ['.ts', '.tsx']);
const pure = product.filter(({ path }) => !TOUCHING.test(path));
const tests = filesUnder(['test'], ['.ts']);

/** What only adapters may say: the clock, timers, chance, the outside. */
const MACHINE = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFillSync',
  'fetch',
  'console',
]);

/**
 * Members of Node's `process`; a variable of that name, of which we have many, has none of them.
 */
const PROCESS =
  /^(env|pid|argv|on|once|exit|exitCode|kill|send|stdout|stderr|hrtime|nextTick|cwd|memoryUsage)$/;

function touches(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.expression.getText() === 'process' && PROCESS.test(node.name.text);
  }
  if (!ts.isIdentifier(node) || isMemberName(node)) return false;
  if (MACHINE.has(node.text)) return true;
  if (node.text === 'Date') return !isGivenDate(node.parent);
  return node.text === 'Math' && node.parent.getText() === 'Math.random';
}

/** A name after a dot, or of a property, parameter or import's origin, is only a name. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    ts.isPropertySignature(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isTypeReferenceNode(parent)
  );
}

/** `new Date(ms)` and `Date.UTC(…)` compute; `new Date()` and `Date.now()` look at the clock. */
function isGivenDate(parent: ts.Node): boolean {
  if (ts.isNewExpression(parent)) return (parent.arguments?.length ?? 0) > 0;
  return ts.isPropertyAccessExpression(parent) && parent.name.text !== 'now';
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  return node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent);
}

function found(files: readonly SourceFile[], wanted: (node: ts.Node) => boolean): string[] {
  return files.flatMap((file) => {
    const source = syntaxOf(file);
    return nodesOf(source, wanted).map((node) => placeOf(source, node));
  });
}

describe('code', () => {
  test('only adapters and roots touch clock, timers, chance and process', () => {
    expect(found(pure, touches)).toEqual([]);
  });

  test('nothing is exported by default', () => {
    const modules = product.filter(({ path }) => !/\.(config|d)\.ts$/.test(path));
    expect(found(modules, isDefaultExport)).toEqual([]);
  });

  test('no test is skipped, alone, or still to be written', () => {
    const odd = found(tests, (node) => {
      if (!ts.isPropertyAccessExpression(node)) return false;
      const whole = node.getText();
      return /^(test|it|describe)(\.\w+)*\.(skip|only|todo|failing)$/.test(whole);
    });
    expect(odd).toEqual([]);
  });

  test('no unit test or simulation sleeps', () => {
    const quick = tests.filter(({ path }) => /^test\/(unit|sim|fuzz)\//.test(path));
    const sleeps = found(
      quick,
      (node) =>
        ts.isCallExpression(node) && /^(setTimeout|sleep|wait)$/.test(node.expression.getText()),
    );
    expect(sleeps).toEqual([]);
  });
});
