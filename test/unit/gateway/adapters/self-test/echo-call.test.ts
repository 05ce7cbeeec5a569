import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeEchoCall } from '../../../../../gateway/adapters/self-test/echo-call.ts';

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

test('the process is told where to call and its reply is given', async () => {
  const program = `
    let said = '';
    for await (const chunk of process.stdin) said += chunk;
    console.log(JSON.stringify({ ok: false, detail: JSON.parse(said).url }));`;
  const reply = await placeEchoCall({ url: 'ws://gateway' }, caller(program));
  expect(reply).toEqual({ ok: false, detail: 'ws://gateway' });
});

test('a process that dies is a call that did not come to an end', async () => {
  const reply = await placeEchoCall({ url: 'ws://gateway' }, caller('process.exit(3)'));
  expect(reply).toEqual({ ok: false, detail: 'the test call did not come to an end' });
});
