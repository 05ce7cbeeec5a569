/** Supervision of real processes: spawned, heard, killed, restarted, stopped. */
import { describe, expect, test } from '@jest/globals';
import { SystemClock } from '../../../../../gateway/adapters/clock/system-clock.ts';
import { ChildProcesses } from '../../../../../gateway/adapters/process/child-processes.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';

const fixture = (name: string): string =>
  new URL(`../../../../fixtures/processes/${name}.ts`, import.meta.url).pathname;

function plan(name: string, file: string) {
  return { name, file: fixture(file), args: [], execArgv: [] };
}

/** Processes whose callbacks can be awaited, in the order in which they happen. */
function supervise(plans: ReturnType<typeof plan>[]) {
  const happened: string[] = [];
  const pids = new Map<string, number | undefined>();
  const waiting: { what: string; resolve: () => void }[] = [];
  const tell = (what: string): void => {
    happened.push(what);
    for (const waiter of waiting.filter((candidate) => candidate.what === what)) waiter.resolve();
  };
  const children = new ChildProcesses(plans, {
    clock: new SystemClock(),
    log: silentLog,
    onReady: (page) => tell(`ready ${page}`),
    onGaveUp: (name) => tell(`gave up ${name}`),
    onProcess: (name, pid) => {
      pids.set(name, pid);
      tell(`${name} ${pid === undefined ? 'gone' : 'spawned'}`);
    },
  });
  const next = (what: string): Promise<void> =>
    new Promise((resolve) => waiting.push({ what, resolve }));
  return { children, happened, pids, next };
}

const READY = 'ready http://127.0.0.1:1/';

describe('child processes', () => {
  test('all are ready once each has said so, and stop when asked', async () => {
    const { children, happened, next } = supervise([plan('a', 'serves'), plan('b', 'serves')]);
    const ready = next(READY);
    children.start();
    await ready;
    await children.stop(['a']);
    await children.stop(['a', 'b']);
    expect(happened).toEqual(['a spawned', 'b spawned', READY, 'a gone', 'b gone']);
  });

  test('a killed one is started again; its sibling never notices', async () => {
    const { children, pids, next } = supervise([plan('a', 'serves'), plan('b', 'serves')]);
    const ready = next(READY);
    children.start();
    await ready;
    const before = new Map(pids);
    const again = next(READY);
    process.kill(pids.get('a') ?? 0, 'SIGKILL');
    await again;
    expect(pids.get('a')).not.toBe(before.get('a'));
    expect(pids.get('b')).toBe(before.get('b'));
    await children.stop(['a', 'b']);
  });

  test('one that refuses its configuration is given up', async () => {
    const { children, happened, next } = supervise([plan('a', 'refuses')]);
    const over = next('gave up a');
    children.start();
    await over;
    await children.stop(['a']);
    expect(happened).toEqual(['a spawned', 'a gone', 'gave up a']);
  });

  test('without grace all end at once, and stopping afterwards still resolves', async () => {
    const { children, pids, next } = supervise([plan('a', 'serves')]);
    const ready = next(READY);
    children.start();
    await ready;
    const stopped = children.stop(['a']);
    children.kill();
    await stopped;
    expect([...pids]).toEqual([['a', undefined]]);
  });
});
