/** Reading small text files, and refusing what is none. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readTextFile } from '../../../../../gateway/adapters/files/read-text-file.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'causeway-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('reading a text file', () => {
  test('gives its text', () => {
    const path = join(directory, 'a');
    writeFileSync(path, 'héllo\n');
    expect(readTextFile(path)).toEqual({ ok: true, value: 'héllo\n' });
  });

  test('a missing file and a directory are faults', () => {
    expect(readTextFile(join(directory, 'missing'))).toMatchObject({ ok: false });
    expect(readTextFile(directory)).toMatchObject({ ok: false });
  });

  test('a file over 4 MiB is refused unread', () => {
    const path = join(directory, 'large');
    writeFileSync(path, '');
    truncateSync(path, 4 * 1_024 * 1_024 + 1);
    expect(readTextFile(path)).toMatchObject({ fault: { code: 'file.too-large' } });
  });
});
