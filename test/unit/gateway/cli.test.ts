/** The command line as a person uses it: what it prints where, and with which exit code it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const CLI = new URL('../../../gateway/cli.ts', import.meta.url).pathname;
const EXAMPLE = new URL('../../../config/causeway.example.yaml', import.meta.url).pathname;

function causeway(args: readonly string[], environment: { [name: string]: string } = {}) {
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the command line', () => {
  test('tells its commands', () => {
    const { status, stdout } = causeway(['--help']);
    expect(status).toBe(0);
    for (const command of ['start', 'check', 'doctor', 'call']) expect(stdout).toContain(command);
  });

  test('finds a good configuration good', () => {
    expect(causeway(['check', EXAMPLE])).toEqual({
      status: 0,
      stdout: 'The configuration is good.\n',
      stderr: '',
    });
  });

  test('tells a mistake on standard error with file, line and key, and fails', () => {
    const directory = mkdtempSync(join(tmpdir(), 'causeway-'));
    const file = join(directory, 'causeway.yaml');
    writeFileSync(file, 'log:\n  level: loud\n');
    const { status, stdout, stderr } = causeway(['check', file]);
    rmSync(directory, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`${file}:2: log.level: `);
  });

  test('says so when no gateway runs', () => {
    const { status, stderr } = causeway(['call', 'trace', 'c1'], { CAUSEWAY_HTTP_PORT: '1' });
    expect(status).toBe(1);
    expect(stderr).toContain('http://127.0.0.1:1 does not answer');
  });
});
