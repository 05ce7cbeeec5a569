/** `npm start`: sets up what is missing, then runs the gateway in the foreground. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from './console/steps.mjs';
import { prepare } from './setup/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 250;

main(async () => {
  const needs = ['runtime', 'npm', 'native', 'page'];
  const { node } = await prepare({ root, needs, debian: ['run'] });
  return runGateway(node, process.argv.slice(2));
});

/** Resolves with the gateway's exit code; signals that reach us reach it. */
function runGateway(node, args) {
  // Types are stripped and code compiled once: a start, or a restart of a process, takes a third.
  const cache = process.env.NODE_COMPILE_CACHE ?? join(root, 'build/compile-cache');
  const child = spawn(node, [join(root, 'gateway/main.ts'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) watchParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** npm stops the shell that it started us by, and the shell tells us nothing. */
function watchParent(onGone) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onGone();
  }, PARENT_POLL_MS);
  watch.unref();
}
