/** A supervised process alone: what it does when its supervisor is killed, and when it stops. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const fixture = (name: string): string =>
  new URL(`../../../../fixtures/processes/${name}.ts`, import.meta.url).pathname;

/** Empty once a process has ended, even if nobody has collected it yet. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('a supervised process', () => {
  test('tells that it serves, then sends heartbeats', async () => {
    const child = fork(fixture('serves'), { execArgv: [] });
    expect(await once(child, 'message')).toMatchObject([
      { type: 'ready', page: 'http://127.0.0.1:1/' },
    ]);
    expect(await once(child, 'message')).toMatchObject([{ type: 'heartbeat' }]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('leaves the terminal’s interrupt to its supervisor', async () => {
    const child = fork(fixture('serves'), { execArgv: [] });
    await once(child, 'message');
    child.kill('SIGINT');
    expect(await once(child, 'message')).toMatchObject([{ type: 'heartbeat' }]);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  test('ends by itself when its supervisor is killed', async () => {
    const supervisor = spawn(process.execPath, [fixture('supervises')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = await once(supervisor.stdout, 'data');
    const pid = Number(String(printed));
    expect(pid).toBeGreaterThan(1);
    // Its standard output is inherited, so the pipe closes when both are gone.
    const bothGone = once(supervisor.stdout, 'end');
    supervisor.kill('SIGKILL');
    supervisor.stdout.resume();
    await bothGone;
    expect(commandLine(pid)).toBe('');
  });
});
