import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeEchoCall } from '../../../../../gateway/adapters/self-test/echo-call.ts';

const REQUEST = { url: 'ws://gateway', addresses: [] };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-echo-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function caller(program: string): string {
  const file = join(folder, 'caller.mjs');
  writeFileSync(file, program);
  return file;
}

function cutShort(detail: string) {
  return { ok: false, fault: { code: 'echo.cut-short', detail } };
}

test('the process is told where to call and its outcome is given', async () => {
  const program = `
    let said = '';
    for await (const chunk of process.stdin) said += chunk;
    console.log(JSON.stringify({ ok: true, value: JSON.parse(said).url }));`;
  const outcome = await placeEchoCall(REQUEST, { caller: caller(program) });
  expect(outcome).toEqual({ ok: true, value: 'ws://gateway' });
});

test('the error that a process died of is told', async () => {
  const outcome = await placeEchoCall(REQUEST, { caller: caller(`throw new RangeError('oh')`) });
  expect(outcome).toEqual(cutShort('RangeError: oh'));
});

test('a process that ends and says nothing is told so', async () => {
  const outcome = await placeEchoCall(REQUEST, { caller: caller('process.exit(3)') });
  expect(outcome).toEqual(cutShort('its process died without a word'));
});

test('a process that does not end is ended', async () => {
  const forever = caller('process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000);');
  const outcome = await placeEchoCall(REQUEST, { caller: forever, deadlineMs: 200 });
  expect(outcome).toEqual(cutShort('its process was ended by SIGKILL'));
});
