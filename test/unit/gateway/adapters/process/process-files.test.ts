/** Process ids on disk, with real processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ProcessFiles } from '../../../../../gateway/adapters/process/process-files.ts';

let parent: string;
let directory: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'causeway-'));
  directory = join(parent, 'run');
});

afterEach(() => rmSync(parent, { recursive: true }));

/** A process whose command line holds `mark`, alive until it is ended. */
async function startProcess(mark: string) {
  const code = 'process.stdout.write("."); setInterval(() => {}, 60000)';
  const child = spawn(process.execPath, ['-e', code, mark], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('process files', () => {
  test('the directory is its owner’s only', () => {
    new ProcessFiles(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('a claim holds against a living process of the same program only', async () => {
    const holder = await startProcess('/opt/main.ts');
    const files = new ProcessFiles(directory);
    files.write('supervisor', holder.pid);
    expect(files.claim('supervisor', '/opt/main.ts')).toMatchObject({
      fault: { code: 'process.already-running' },
    });
    expect(files.claim('supervisor', '/opt/other.ts').ok).toBe(true);
    expect(readFileSync(join(directory, 'supervisor.pid'), 'utf8')).toBe(`${process.pid}\n`);
    holder.kill();
    await once(holder, 'exit');
  });

  test('a program is known by its file, however that was spelt when it was started', async () => {
    const holder = await startProcess('main.ts');
    const files = new ProcessFiles(directory);
    files.write('supervisor', holder.pid);
    expect(files.claim('supervisor', join(process.cwd(), 'main.ts')).ok).toBe(false);
    expect(files.claim('supervisor', '/opt/main.ts').ok).toBe(true);
    holder.kill();
    await once(holder, 'exit');
  });

  test.each(['', 'x', '-5', '0', '1', '999999999'])(
    'a file that says %j claims nothing',
    (text) => {
      const files = new ProcessFiles(directory);
      writeFileSync(join(directory, 'supervisor.pid'), text);
      expect(files.claim('supervisor', '/opt/main.ts').ok).toBe(true);
    },
  );

  test('a leftover of the same program is ended, a stranger with its number is not', async () => {
    const leftover = await startProcess('/opt/media.ts');
    const files = new ProcessFiles(directory);
    files.write('media', leftover.pid);
    expect(await files.endLeftover('media', '/opt/other.ts')).toBeUndefined();
    expect(leftover.exitCode).toBeNull();
    const ended = once(leftover, 'exit');
    expect(await files.endLeftover('media', '/opt/media.ts')).toBe(leftover.pid);
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});
