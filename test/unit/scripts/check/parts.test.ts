/** The parts of the check that need no test runner. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { staticParts } from '../../../../scripts/check/parts.mjs';

describe('static parts of the check', () => {
  test('are format and lint, types, layers and cycles, dead code', () => {
    const parts = staticParts({ root: '/nowhere', node: process.execPath });
    expect(parts.map(({ name }: { name: string }) => name)).toEqual([
      'format and lint',
      'types',
      'layers and cycles',
      'dead code',
    ]);
  });

  test('each of them starts', async () => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const tools = staticParts({ root, node: process.execPath, onlyVersion: true });
    for (const { name, run } of tools)
      expect([name, await run()]).toMatchObject([name, { code: 0 }]);
  });

  test('a tool that is not installed is a failure with its reason', async () => {
    const [part] = staticParts({ root: '/nowhere', node: '/nowhere/node' });
    expect(await part?.run()).toMatchObject({ code: 127 });
  });
});
