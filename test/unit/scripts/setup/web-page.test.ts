/** The web page is built when its sources change, and only then. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureWebPage } from '../../../../scripts/setup/web-page.mjs';

let root: string;

/** Stands in for the builder: leaves what a build leaves. */
const BUILDER = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync('build/admin-ui', { recursive: true });
  writeFileSync('build/admin-ui/index.html', '');
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'causeway-'));
  mkdirSync(join(root, 'node_modules/vite/bin'), { recursive: true });
  mkdirSync(join(root, 'admin-ui/views'), { recursive: true });
  writeFileSync(join(root, 'node_modules/vite/bin/vite.js'), BUILDER);
  writeFileSync(join(root, 'admin-ui/index.html'), '<p>');
});

afterEach(() => rmSync(root, { recursive: true }));

const ensure = () => ensureWebPage(root, process.execPath);

describe('the web page', () => {
  test('is built once', async () => {
    expect([await ensure(), await ensure()]).toEqual(['built', 'unchanged']);
  });

  test.each(['admin-ui/index.html', 'admin-ui/views/phone.tsx', 'package-lock.json'])(
    'is built again when %s changes',
    async (path) => {
      await ensure();
      writeFileSync(join(root, path), 'changed');
      expect(await ensure()).toBe('built');
    },
  );

  test('that does not build is told with the builder’s words', async () => {
    writeFileSync(
      join(root, 'node_modules/vite/bin/vite.js'),
      'console.log("syntax error"); process.exit(1)',
    );
    await expect(ensure()).rejects.toThrow('syntax error');
  });
});
