/** Set-up does what is asked for and nothing else. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { prepare } from '../../../../scripts/setup/prepare.mjs';

test('set-up with no needs gives the Node that runs, and leaves no lock', async () => {
  const root = mkdtempSync(join(tmpdir(), 'causeway-'));
  expect(await prepare({ root, needs: [] })).toEqual({ node: process.execPath });
  expect(existsSync(join(root, 'build/setup.lock'))).toBe(false);
  rmSync(root, { recursive: true });
});

test('a need that can’t be met fails, named by its step, and leaves no lock', async () => {
  const root = mkdtempSync(join(tmpdir(), 'causeway-'));
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  await expect(prepare({ root, needs: ['page'] })).rejects.toThrow();
  expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain('✗ web page');
  write.mockRestore();
  expect(existsSync(join(root, 'build/setup.lock'))).toBe(false);
  rmSync(root, { recursive: true });
});
