/** Places the test call: a short-lived process of its own, so that its WebRTC stack is only there. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { EchoReply, EchoRequest } from './echo-request.ts';

const TIMEOUT_MS = 20_000;
const CALLER = join(import.meta.dirname, 'echo-caller.ts');

export function placeEchoCall(request: EchoRequest, caller = CALLER): Promise<EchoReply> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [caller], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
    });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
    });
    child.on('error', (error) => resolve({ ok: false, detail: error.message }));
    child.on('close', () => resolve(replyIn(output)));
    // The secret goes where no other user can see it, which arguments are not.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(request));
  });
}

/** A process that died or was ended for its time has written nothing. */
function replyIn(output: string): EchoReply {
  try {
    return JSON.parse(output);
  } catch {
    return { ok: false, detail: 'the test call did not come to an end' };
  }
}
