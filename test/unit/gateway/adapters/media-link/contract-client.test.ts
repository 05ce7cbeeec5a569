import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ContractClient } from '../../../../../gateway/adapters/media-link/contract-client.ts';
import { ContractServer } from '../../../../../gateway/adapters/media-link/contract-server.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import type {
  MediaCommand,
  MediaEvent,
  MediaReply,
} from '../../../../../gateway/media-contract/contract.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const path = () => join(tmpdir(), `causeway-${randomBytes(6).toString('hex')}.sock`);
const connected = (leg: string) => ({ type: 'leg-connected', leg }) as const;

/** A media process that knows hello and counts what it is asked. */
async function serve(socketPath: string, epoch: string) {
  const asked: MediaCommand[] = [];
  const execute = (command: MediaCommand): MediaReply => {
    if (command.op === 'hello') return { op: 'hello', version: 1, process: 'm0', epoch };
    asked.push(command);
    return { op: 'done' };
  };
  const server = new ContractServer({
    socketPath,
    execute,
    log: silentLog,
    orphanMs: 60_000,
    onOrphaned: () => {},
  });
  await server.listen();
  closers.push(() => server.close());
  return { server, asked };
}

/** A client whose news can be awaited. */
function connect(socketPath: string, signallingEpoch = 'signalling') {
  const events: MediaEvent[] = [];
  const news: string[] = [];
  let wake = () => {};
  const note = (text: string) => {
    news.push(text);
    wake();
  };
  const client = new ContractClient({
    socketPath,
    signallingEpoch,
    onEvent: (event) => {
      events.push(event);
      wake();
    },
    onLost: () => note('lost'),
    onBack: (process, isNew) => note(`back ${process} ${isNew ? 'new' : 'same'}`),
  });
  client.start();
  closers.push(() => client.close());
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { client, events, news, until };
}

describe('the client of the media contract', () => {
  test('says hello, then asks, also what was asked before it was connected', async () => {
    const socketPath = path();
    const { client, news } = connect(socketPath);
    const early = client.execute({ op: 'heartbeat' });
    const { asked } = await serve(socketPath, 'first');
    expect(await early).toEqual({ op: 'done' });
    expect(asked).toEqual([{ op: 'heartbeat' }]);
    expect(news).toEqual(['back m0 new']);
    expect(client.isReady).toBe(true);
  });

  test('tells events once and in order, also those from before it came', async () => {
    const socketPath = path();
    const { server } = await serve(socketPath, 'first');
    server.publish(connected('a'));
    const { events, until } = connect(socketPath);
    await until(() => events.length === 1);
    server.publish(connected('b'));
    server.publish(connected('c'));
    await until(() => events.length === 3);
    expect(events).toEqual([connected('a'), connected('b'), connected('c')]);
  });

  test('hears nothing again that it has acknowledged, when signalling comes anew', async () => {
    const socketPath = path();
    const { server } = await serve(socketPath, 'first');
    const first = connect(socketPath, 'one');
    server.publish(connected('a'));
    await first.until(() => first.events.length === 1);
    await first.client.execute({ op: 'heartbeat' });
    first.client.close();
    server.publish(connected('b'));
    const second = connect(socketPath, 'two');
    await second.until(() => second.events.length === 1);
    expect(second.events).toEqual([connected('b')]);
  });

  test('notices at once that the process is gone, and says whether the next one is another', async () => {
    const socketPath = path();
    const { server } = await serve(socketPath, 'first');
    const { news, client, until } = connect(socketPath);
    await client.execute({ op: 'heartbeat' });
    await server.close();
    await until(() => news.includes('lost'));
    const pending = client.execute({ op: 'heartbeat' });
    await serve(socketPath, 'second');
    expect(await pending).toMatchObject({ op: 'fault', fault: { code: 'media.lost' } });
    await until(() => news.length === 3);
    expect(news).toEqual(['back m0 new', 'lost', 'back m0 new']);
  });

  test('asks again with the same id where only the connection broke', async () => {
    const socketPath = path();
    const { asked, server } = await serve(socketPath, 'first');
    const { news, client, until } = connect(socketPath);
    await client.execute({ op: 'heartbeat' });
    // Another that says hello is signalling now, and the first is shown the door.
    const other = connect(socketPath, 'other');
    await until(() => news.includes('lost'));
    other.client.close();
    expect(await client.execute({ op: 'census' })).toEqual({ op: 'done' });
    await until(() => news.length >= 3);
    expect(news.slice(0, 3)).toEqual(['back m0 new', 'lost', 'back m0 same']);
    expect(asked.filter(({ op }) => op === 'census')).toHaveLength(1);
    server.publish(connected('a'));
  });

  test('answers with a fault after it was closed', async () => {
    const { client } = connect(path());
    const pending = client.execute({ op: 'heartbeat' });
    client.close();
    expect(await pending).toMatchObject({ fault: { code: 'media.lost' } });
    expect(await client.execute({ op: 'heartbeat' })).toMatchObject({
      fault: { code: 'media.lost' },
    });
  });
});
