/** Links to media processes: what is found there is ours or is closed, and losses are told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MediaLinks } from '../../../../../gateway/adapters/calls/media-links.ts';
import { ContractServer } from '../../../../../gateway/adapters/media-link/contract-server.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import type { MediaCommand, MediaReply } from '../../../../../gateway/media-contract/contract.ts';

const LATE_MS = 1_000;

let folder: string;
let server: ContractServer;
let links: MediaLinks | undefined;
const commands: MediaCommand[] = [];

function execute(command: MediaCommand): MediaReply {
  commands.push(command);
  if (command.op === 'hello') return { op: 'hello', version: 1, process: 'm0', epoch: 'e1' };
  if (command.op !== 'snapshot') return { op: 'done' };
  const sessions = ['ours', 'orphan'].map((session) => ({ session, legs: [], recovery: session }));
  return { op: 'snapshot', sessions };
}

beforeEach(async () => {
  commands.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'media-links-'));
  server = new ContractServer({
    socketPath: join(folder, 'm0.sock'),
    execute,
    log: silentLog,
    orphanMs: LATE_MS,
    onOrphaned: () => {},
  });
  await server.listen();
});

afterEach(async () => {
  links?.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Connects, and resolves at the first word of the kind that is waited for. */
function connect(until: 'up' | 'down', told: string[] = []): Promise<string[]> {
  return new Promise((resolve) => {
    const tell = (kind: string, about: string) => {
      told.push(`${kind} ${about}`);
      if (kind === 'up' && until === 'down') void server.close();
      if (kind === until) resolve(told);
    };
    links = new MediaLinks([{ id: 'm0', socket: join(folder, 'm0.sock') }], 'epoch', {
      event: (_, event) => tell('event', event.type),
      up: (id) => tell('up', id),
      down: (id) => tell('down', id),
      found: (_, { session, recovery }) => {
        tell('found', `${session} ${recovery}`);
        return session === 'ours';
      },
    });
    links.start();
  });
}

describe('a link', () => {
  test('takes new calls only when the remains of former ones are known and closed', async () => {
    expect(await connect('up')).toEqual(['found ours ours', 'found orphan orphan', 'up m0']);
    expect(links?.ready).toEqual(['m0']);
    await links?.execute('m0', { op: 'heartbeat' });
    expect(commands).toContainEqual({ op: 'close-session', session: 'orphan' });
    expect(commands).not.toContainEqual({ op: 'close-session', session: 'ours' });
  });

  test('tells at once when its process is gone', async () => {
    expect((await connect('down')).at(-1)).toBe('down m0');
    expect(links?.ready).toEqual([]);
  });

  test('to nobody answers with a fault', async () => {
    await connect('up');
    expect(links?.ids).toEqual(['m0']);
    expect(await links?.execute('m9', { op: 'heartbeat' })).toMatchObject({
      op: 'fault',
      fault: { code: 'media.lost' },
    });
  });
});
