/** The page's client of the Janus API: requests, events, and a session that outlives its socket. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type ConnectionNews,
  JanusClient,
  type JanusMessage,
} from '../../../../admin-ui/api/janus-client.ts';
import { FakeGateway } from './fake-gateway.ts';

const PLUGIN = 'janus.plugin.sip';

let gateway: FakeGateway;
let client: JanusClient;
let news: ConnectionNews[];

beforeEach(() => {
  jest.useFakeTimers();
  gateway = new FakeGateway();
  client = new JanusClient(gateway.open);
  news = [];
  client.onNews = (item) => news.push(item);
});

afterEach(() => {
  jest.useRealTimers();
});

/** Lets time pass, and what was promised until then happen. */
function pass(milliseconds = 0): Promise<void> {
  return jest.advanceTimersByTimeAsync(milliseconds);
}

async function connected(): Promise<void> {
  client.connect();
  gateway.accept();
  await pass();
}

describe('a connection', () => {
  test('begins with a session', async () => {
    await connected();
    expect(gateway.requests).toEqual([{ janus: 'create', transaction: '1' }]);
    expect(news).toEqual(['connected']);
  });

  test('is kept alive by a word every 25 seconds', async () => {
    await connected();
    await pass(24_999);
    expect(gateway.asked('keepalive')).toHaveLength(0);
    await pass(50_001);
    expect(gateway.asked('keepalive')).toHaveLength(3);
    expect(gateway.asked('keepalive')[0]).toMatchObject({ session_id: 101 });
  });

  test('that cannot begin its session is tried anew', async () => {
    gateway.refusals.set('create', 472);
    await connected();
    expect(news).toEqual(['lost']);
    gateway.refusals.clear();
    await pass(250);
    gateway.accept();
    await pass();
    expect(news).toEqual(['lost', 'connected']);
  });
});

describe('requests', () => {
  beforeEach(connected);

  test('carry the session, their handle and a transaction of their own', async () => {
    const handle = await client.attach(PLUGIN);
    await handle.message({ request: 'call' }, { type: 'offer', sdp: 'v=0' });
    expect(gateway.requests.slice(1)).toEqual([
      { janus: 'attach', plugin: PLUGIN, session_id: 101, transaction: '2' },
      {
        janus: 'message',
        handle_id: handle.id,
        session_id: 101,
        transaction: '3',
        body: { request: 'call' },
        jsep: { type: 'offer', sdp: 'v=0' },
      },
    ]);
  });

  test('that are refused reject with code and reason', async () => {
    const handle = await client.attach(PLUGIN);
    gateway.refusals.set('message', 459);
    await expect(handle.message({})).rejects.toMatchObject({ code: 459, message: 'No' });
  });

  test('for candidates name each, and the end in whatever way the browser marks it', async () => {
    const handle = await client.attach(PLUGIN);
    const candidate = { candidate: 'candidate:1', sdpMid: '0' };
    handle.trickle(candidate);
    handle.trickle({ candidate: '', sdpMid: '0' });
    handle.trickle(null);
    expect(gateway.asked('trickle').map((request) => request.candidate)).toEqual([
      candidate,
      { completed: true },
      { completed: true },
    ]);
  });

  test('reject when the connection drops before the answer, and while there is none', async () => {
    const handle = await client.attach(PLUGIN);
    gateway.silentTo.add('hangup');
    const asked = handle.hangup();
    gateway.drop();
    await expect(asked).rejects.toThrow('lost');
    await expect(handle.message({})).rejects.toThrow('lost');
  });
});

describe('leaving', () => {
  test('ends the session, and with it what the gateway would keep for a while', async () => {
    await connected();
    client.leave();
    expect(gateway.requests.at(-1)).toMatchObject({ janus: 'destroy', session_id: 101 });
  });

  test('without a connection is no failure', async () => {
    client.leave();
    await pass();
    expect(gateway.requests).toEqual([]);
  });
});

describe('events', () => {
  beforeEach(connected);

  test('go to the handle that they name', async () => {
    const [one, other] = [await client.attach('one'), await client.attach('other')];
    const heard: [string, JanusMessage][] = [];
    one.onMessage = (message) => heard.push(['one', message]);
    other.onMessage = (message) => heard.push(['other', message]);
    gateway.tell({ janus: 'webrtcup', sender: other.id });
    gateway.tell({ janus: 'hangup', sender: one.id, reason: 'Close PC' });
    gateway.tell({ janus: 'event', sender: 7 });
    expect(heard).toEqual([
      ['other', { janus: 'webrtcup', sender: other.id }],
      ['one', { janus: 'hangup', sender: one.id, reason: 'Close PC' }],
    ]);
  });

  test('that carry the transaction of a request are no answer to it', async () => {
    const handle = await client.attach(PLUGIN);
    gateway.silentTo.add('message');
    let answered = false;
    const asked = handle.message({}).then(() => {
      answered = true;
    });
    const { transaction } = gateway.requests.at(-1) ?? {};
    gateway.tell({ janus: 'event', sender: handle.id, transaction });
    await pass();
    expect(answered).toBe(false);
    gateway.tell({ janus: 'ack', transaction });
    await asked;
    expect(answered).toBe(true);
  });
});

describe('a connection that drops', () => {
  beforeEach(connected);

  test('is taken up again with its session and its handles', async () => {
    const handle = await client.attach(PLUGIN);
    gateway.drop();
    expect(news.at(-1)).toBe('lost');
    await pass(250);
    gateway.accept();
    await pass();
    expect(gateway.requests.at(-1)).toMatchObject({ janus: 'claim', session_id: 101 });
    expect(news).toEqual(['connected', 'lost', 'resumed']);
    let heard = 0;
    handle.onMessage = () => {
      heard += 1;
    };
    gateway.tell({ janus: 'webrtcup', sender: handle.id });
    expect(heard).toBe(1);
  });

  test('says nothing while it is down', async () => {
    gateway.drop();
    await pass(240);
    const before = gateway.requests.length;
    await pass(60_000);
    expect(gateway.requests).toHaveLength(before);
  });

  test('is tried again at growing intervals, and quickly again after it was up', async () => {
    const intervals = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000];
    for (const interval of intervals) {
      const before = gateway.connections;
      gateway.drop();
      await pass(interval - 1);
      expect(gateway.connections).toBe(before);
      await pass(1);
      expect(gateway.connections).toBe(before + 1);
    }
    gateway.accept();
    await pass();
    const before = gateway.connections;
    gateway.drop();
    await pass(250);
    expect(gateway.connections).toBe(before + 1);
  });

  test('begins anew where the gateway knows its session no more', async () => {
    const handle = await client.attach(PLUGIN);
    handle.onMessage = () => {
      throw new Error('a handle of the old session');
    };
    gateway.refusals.set('claim', 458);
    gateway.drop();
    await pass(250);
    gateway.accept();
    await pass();
    expect(news).toEqual(['connected', 'lost', 'new-session']);
    gateway.tell({ janus: 'event', sender: handle.id });
    await client.attach(PLUGIN);
    expect(gateway.requests.at(-1)?.session_id).not.toBe(101);
  });

  test('keeps its session when claiming it fails for another reason', async () => {
    gateway.refusals.set('claim', 403);
    gateway.drop();
    await pass(250);
    gateway.accept();
    await pass();
    expect(news).toEqual(['connected', 'lost', 'lost']);
    gateway.refusals.clear();
    await pass(500);
    gateway.accept();
    await pass();
    expect(gateway.requests.at(-1)).toMatchObject({ janus: 'claim', session_id: 101 });
    expect(news.at(-1)).toBe('resumed');
  });

  test('was dropped by the page itself if the session timed out', async () => {
    gateway.tell({ janus: 'timeout', session_id: 101 });
    expect(news.at(-1)).toBe('lost');
    gateway.refusals.set('claim', 458);
    await pass(250);
    gateway.accept();
    await pass();
    expect(news.at(-1)).toBe('new-session');
  });
});
