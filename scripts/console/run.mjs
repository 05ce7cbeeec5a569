/** Runs a command and tells how it ended: captured, or with its output passed through. */
import { spawn } from 'node:child_process';

/**
 * Resolves with the exit code and the output, also when the command fails or can't be started; a
 * signal's end counts as 128. With `show` the output goes straight to our standard error and is not
 * kept. After `timeoutMs` the command and all that it started are killed.
 */
export function run(command, args, { cwd, env, show = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const stdio = show ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'];
    // A process group of its own, where it must be possible to end all of it.
    const detached = timeoutMs !== undefined;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, detached });
    const chunks = [];
    const deadline =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            chunks.push(Buffer.from(`\n${command} was killed after ${timeoutMs / 1000} s\n`));
            process.kill(-child.pid, 'SIGKILL');
          }, timeoutMs);
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code: code ?? 128, output: Buffer.concat(chunks).toString() });
    });
  });
}

/** The standard output of a command that must succeed; anything else is an error with its words. */
export async function outputOf(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${output}`);
  return output;
}
