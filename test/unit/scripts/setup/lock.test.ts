/** The lock of a set-up. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { withLock } from '../../../../scripts/setup/lock.mjs';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'causeway-'));
  file = join(directory, 'build/lock');
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('the lock', () => {
  test('is held during the work and gone after it, also after a failure', async () => {
    const held = await withLock(file, async () => readFileSync(file, 'utf8'));
    expect(held).toBe(String(process.pid));
    expect(existsSync(file)).toBe(false);
    await expect(withLock(file, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(existsSync(file)).toBe(false);
  });

  test('of a dead process is taken over', async () => {
    await withLock(file, async () => {});
    writeFileSync(file, '999999999');
    expect(await withLock(file, async () => 'done')).toBe('done');
  });

  test('lets one work at a time', async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    };
    await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
    expect(order[1]).toBe(order[0]?.replace('begins', 'ends'));
    expect(order[3]).toBe(order[2]?.replace('begins', 'ends'));
  });
});
