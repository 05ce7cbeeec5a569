/** Places the test call in a process of its own, so that its WebRTC stack is loaded only there. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type EchoOutcome, failEcho } from '../../ops/self-test/echo-outcome.ts';
import type { EchoRequest } from './echo-request.ts';

/** More than its stages may take together. */
const DEADLINE_MS = 40_000;
const CALLER = join(import.meta.dirname, 'echo-caller.ts');

export function placeEchoCall(
  request: EchoRequest,
  { caller = CALLER, deadlineMs = DEADLINE_MS } = {},
): Promise<EchoOutcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [caller], {
      stdio: 'pipe',
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.on('error', ({ message }) => resolve(failEcho('echo.cut-short', message)));
    child.on('close', (_, signal) => {
      resolve(outcomeIn(output) ?? failEcho('echo.cut-short', causeOf(signal, complaints)));
    });
    // The secret goes where no other user can see it, which arguments are not.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(request));
  });
}

/** A process that died or was ended for its time has written nothing. */
function outcomeIn(output: string): EchoOutcome | undefined {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** Node writes the place and the line of code before the error itself. */
function causeOf(signal: NodeJS.Signals | null, complaints: string): string {
  if (signal !== null) return `its process was ended by ${signal}`;
  const error = complaints.split('\n').find((line) => /^\w*Error\b/.test(line));
  return error ?? 'its process died without a word';
}
