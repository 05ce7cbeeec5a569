/** The driver of the Janus face: whose answer is whose, what time brings, what sinks see. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { JanusDriver, type JanusSinks } from '../../../../../gateway/adapters/http/janus-driver.ts';
import type { IncomingLeg } from '../../../../../gateway/call/leg-contract.ts';
import { JanusFace } from '../../../../../gateway/janus/face.ts';
import { echoTest } from '../../../../../gateway/janus/plugins/echotest.ts';
import { countingRandom, type Message, OPTIONS } from '../../janus/face-bench.ts';

const OFFER = { type: 'offer', sdp: 'v=0' };

let driver: JanusDriver;
let legs: IncomingLeg[];
let sinks: jest.Mocked<JanusSinks>;

beforeEach(() => {
  jest.useFakeTimers();
  legs = [];
  sinks = {
    incomingLeg: jest.fn((leg) => void legs.push(leg)),
    legEvent: jest.fn(),
    accountCommand: jest.fn(),
    callFacts: jest.fn(async () => ({ state: 'up' })),
    trace: jest.fn(),
  };
  const clock = { now: () => performance.now(), wallClockMs: () => Date.now() };
  driver = new JanusDriver(new JanusFace(OPTIONS, [echoTest], countingRandom()), clock, sinks);
});

afterEach(() => {
  driver.close();
  jest.useRealTimers();
});

/** A client on a socket. */
class Client {
  readonly heard: Message[] = [];
  readonly refused: number[] = [];
  readonly id = driver.connect({
    send: (text) => void this.heard.push(JSON.parse(text)),
    refuse: (status) => void this.refused.push(status),
  });

  ask(request: object): Message {
    driver.feed({
      type: 'request',
      connection: this.id,
      persistent: true,
      peer: { address: '192.0.2.1', loopback: false, secure: true },
      text: JSON.stringify({ transaction: 't', ...request }),
      wallClockMs: driver.wallClockMs(),
    });
    return this.heard.at(-1) ?? {};
  }

  /** A session with a handle of the echo test. */
  attached(): { session_id: number; handle_id: number } {
    const session_id = this.ask({ janus: 'create' }).data.id;
    const plugin = 'janus.plugin.echotest';
    return { session_id, handle_id: this.ask({ janus: 'attach', session_id, plugin }).data.id };
  }
}

describe('connections', () => {
  test('get each its own answers, as JSON', () => {
    const [one, other] = [new Client(), new Client()];
    expect(one.ask({ janus: 'ping' })).toEqual({ janus: 'pong', transaction: 't' });
    expect(other.heard).toEqual([]);
    expect(driver.counts().connections).toBe(2);
  });

  test('that are gone get nothing, and take their sessions along', () => {
    const client = new Client();
    client.attached();
    const heard = client.heard.length;
    driver.disconnect(client.id);
    driver.disconnect(client.id);
    expect(driver.counts()).toEqual({ connections: 0, sessions: 0, handles: 0, legs: 0 });
    client.ask({ janus: 'ping' });
    expect(client.heard).toHaveLength(heard);
  });

  test('are refused with a bare status where the face says so', () => {
    const client = new Client();
    driver.feed({ type: 'poll', connection: client.id, session: 9, wallClockMs: 0 });
    expect(client.refused).toEqual([404]);
  });
});

describe('time', () => {
  test('ends a session that says nothing, and then nothing is waited for', () => {
    const client = new Client();
    client.ask({ janus: 'create' });
    jest.advanceTimersByTime(OPTIONS.sessionTimeoutMs - 1_001);
    expect(client.heard.at(-1)?.janus).toBe('success');
    jest.advanceTimersByTime(2_001);
    expect(client.heard.at(-1)?.janus).toBe('timeout');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('passes no more once the driver is closed', () => {
    const client = new Client();
    client.ask({ janus: 'create' });
    driver.close();
    client.ask({ janus: 'create' });
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('sinks', () => {
  test('get a call as a leg, and what they answer at once comes after the acknowledgement', () => {
    sinks.incomingLeg.mockImplementation(({ leg }) =>
      driver.legCommand(leg, { type: 'answer', sdp: 'v=0', headers: [] }),
    );
    const client = new Client();
    const ids = client.attached();
    client.ask({ janus: 'message', ...ids, body: {}, jsep: OFFER });
    expect(client.heard.slice(2).map(({ janus }) => janus)).toEqual(['ack', 'event']);
    expect(client.heard.at(-1)?.jsep).toEqual({ type: 'answer', sdp: 'v=0' });
  });

  test('hear what becomes of the leg, and every message about it for its trace', () => {
    const client = new Client();
    const ids = client.attached();
    client.ask({ janus: 'message', ...ids, body: {}, jsep: OFFER });
    client.ask({ janus: 'hangup', ...ids });
    const leg = legs[0]?.leg ?? '';
    expect(sinks.legEvent).toHaveBeenCalledWith(
      leg,
      expect.objectContaining({ type: expect.stringMatching(/ended|cancelled/) }),
    );
    expect(sinks.trace).toHaveBeenCalledWith(
      leg,
      'in',
      expect.objectContaining({ janus: 'message', jsep: OFFER }),
    );
  });

  test.each([
    ['what is known of it', async () => ({ state: 'up' }), { state: 'up' }],
    ['nothing, where that could not be found out', () => Promise.reject(new Error('gone')), {}],
  ])('asked about a call tell its client %s', async (_, callFacts, call) => {
    sinks.callFacts.mockImplementation(callFacts);
    const client = new Client();
    const ids = client.attached();
    client.ask({ janus: 'message', ...ids, body: {}, jsep: OFFER });
    client.ask({ janus: 'message', ...ids, body: { request: 'call_status' }, transaction: 'q' });
    await jest.advanceTimersByTimeAsync(0);
    expect(client.heard.at(-1)).toMatchObject({ transaction: 'q', plugindata: { data: { call } } });
  });
});
