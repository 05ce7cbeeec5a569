/** The phone between its buttons, the gateway's words and the browser's media. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { JanusClient } from '../../../../admin-ui/api/janus-client.ts';
import { Phone } from '../../../../admin-ui/phone/phone.ts';
import { FakeGateway } from '../api/fake-gateway.ts';
import { FakeBrowser } from './fake-browser.ts';

const SIP = 'janus.plugin.sip';
const ECHO = 'janus.plugin.echotest';
const ANSWER: RTCSessionDescriptionInit = { type: 'answer', sdp: 'their answer' };
const OFFER: RTCSessionDescriptionInit = { type: 'offer', sdp: 'their offer' };

let browser: FakeBrowser;
let gateway: FakeGateway;
let phone: Phone;

beforeEach(async () => {
  jest.useFakeTimers();
  browser = new FakeBrowser();
  browser.stored.set('causeway.name', 'alice');
  browser.install();
  gateway = new FakeGateway();
  phone = new Phone(new JanusClient(gateway.open), 'gw.example');
  phone.start();
  gateway.accept();
  await settled();
});

afterEach(() => {
  browser.remove();
  jest.useRealTimers();
});

/** Lets time pass, and what was promised until then happen. */
function pass(milliseconds: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(milliseconds);
}

function settled(): Promise<void> {
  return pass(0);
}

/** An event of the SIP plugin. */
function tell(result: object, jsep?: RTCSessionDescriptionInit): void {
  gateway.event(SIP, { result }, jsep);
}

/** The requests made of a plugin, by name. */
function requestsTo(plugin: string): readonly (string | undefined)[] {
  return gateway
    .asked('message')
    .filter(({ handle_id }) => handle_id === gateway.handleOf(plugin))
    .map(({ body }) => body?.request);
}

async function calling(): Promise<void> {
  await phone.callAddress('bob');
  tell({ event: 'calling' });
}

async function inCall(): Promise<void> {
  await calling();
  tell({ event: 'accepted', username: 'sip:bob@gw.example' }, ANSWER);
  await settled();
}

async function inEcho(): Promise<void> {
  await phone.callEcho();
  gateway.event(ECHO, { result: 'ok' }, ANSWER);
  await settled();
}

function isRinging(): boolean {
  return browser.contexts.some(({ closed, oscillators }) => oscillators.length > 0 && !closed);
}

describe('the line', () => {
  test('is online, and registers as a guest under the name used last', () => {
    expect(phone.line.value).toBe('online');
    expect(gateway.asked('message').at(-1)?.body).toEqual({
      request: 'register',
      type: 'guest',
      username: 'sip:alice@gw.example',
      refresh: true,
    });
    expect(phone.account.value).toEqual({ kind: 'registering', address: 'sip:alice@gw.example' });
    tell({ event: 'registered', username: 'sip:alice@gw.example' });
    expect(phone.account.value.kind).toBe('registered');
  });

  test('invents a name where there is none, and keeps it', () => {
    browser.stored.clear();
    const first = new Phone(new JanusClient(gateway.open), 'gw.example');
    const second = new Phone(new JanusClient(gateway.open), 'gw.example');
    expect(first.ownAddress).toMatch(/^sip:guest-[0-9a-z]+@gw\.example$/);
    expect(second.ownAddress).toBe(first.ownAddress);
  });

  test('is offline while the connection is down, and a call outlives that', async () => {
    await inCall();
    gateway.drop();
    expect(phone.line.value).toBe('offline');
    await pass(250);
    gateway.accept();
    await settled();
    expect(phone.line.value).toBe('online');
    expect(phone.call.value.kind).toBe('up');
  });

  test('is given up at once when the page is left', () => {
    browser.leavePage();
    expect(gateway.requests.at(-1)).toMatchObject({ janus: 'destroy', session_id: 101 });
  });

  test('that was down for too long has lost its call, and registers anew', async () => {
    await inCall();
    gateway.refusals.set('claim', 458);
    gateway.drop();
    await pass(250);
    gateway.accept();
    await settled();
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: expect.any(String) });
    expect(browser.openMicrophones).toBe(0);
    expect(requestsTo(SIP)).toEqual(['register']);
  });
});

describe('registering', () => {
  test('with a password shows it to the gateway and leaves it out of the store', async () => {
    tell({ event: 'registered', username: 'sip:alice@gw.example' });
    await phone.register('carol@example.org', 'secret');
    expect(gateway.asked('message').at(-1)?.body).toMatchObject({
      username: 'sip:carol@example.org',
      secret: 'secret',
    });
    expect(requestsTo(SIP)).toEqual(['register', 'unregister', 'register']);
    expect([...browser.stored.values()]).toEqual(['alice']);
  });

  test.each([
    [403, 'The gateway wants a valid name and password.'],
    [503, 'Not registered: Why (503).'],
  ])('that fails with %i is told in words', (code, problem) => {
    tell({ event: 'registration_failed', code, reason: 'Why' });
    expect(phone.account.value).toEqual({
      kind: 'failed',
      address: 'sip:alice@gw.example',
      problem,
    });
  });

  test('that the gateway refuses has failed', () => {
    gateway.event(SIP, { error_code: 446, error: 'Not a SIP address' });
    expect(phone.account.value).toMatchObject({
      kind: 'failed',
      problem: expect.stringContaining('sip:name@example.org'),
    });
  });
});

describe('a call to an address', () => {
  test('carries the offer of the browser, rings there, and is up with the answer', async () => {
    await calling();
    expect(gateway.asked('message').at(-1)).toMatchObject({
      body: { request: 'call', uri: 'sip:bob@gw.example' },
      jsep: { type: 'offer', sdp: "the browser's offer" },
    });
    expect(phone.call.value).toEqual({ kind: 'calling', party: 'bob', ringing: false });
    tell({ event: 'ringing' });
    expect(phone.call.value).toMatchObject({ ringing: true });
    expect(isRinging()).toBe(true);
    tell({ event: 'accepted' }, ANSWER);
    expect(isRinging()).toBe(false);
    expect(phone.call.value).toMatchObject({ kind: 'up', party: 'bob', connected: false });
    browser.connection.becomes('connected');
    expect(phone.call.value).toMatchObject({ connected: true });
    expect(browser.connection.remoteDescription).toEqual(ANSWER);
  });

  test('may be heard before it is answered, and its answer then brings no description', async () => {
    await calling();
    tell({ event: 'progress' }, ANSWER);
    expect(phone.call.value.kind).toBe('calling');
    expect(browser.connection.remoteDescription).toEqual(ANSWER);
    tell({ event: 'accepted' });
    expect(phone.call.value.kind).toBe('up');
  });

  test('tells the browser’s candidates to the handle of the call', async () => {
    await calling();
    browser.connection.onicecandidate({ candidate: { toJSON: () => ({ candidate: 'c' }) } });
    browser.connection.onicecandidate({ candidate: null });
    expect(gateway.asked('trickle')).toMatchObject([
      { handle_id: gateway.handleOf(SIP), candidate: { candidate: 'c' } },
      { candidate: { completed: true } },
    ]);
  });

  test('that ends with a status is told in words', async () => {
    await calling();
    tell({ event: 'hangup', code: 486, reason: 'Busy Here' });
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: 'The line is busy.' });
    expect(browser.openMicrophones).toBe(0);
  });

  test('that the gateway refuses is over', async () => {
    await phone.callAddress('bob');
    gateway.event(SIP, { error_code: 447, error: 'Register first' });
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: 'Register first' });
  });

  test('without a microphone is not made', async () => {
    const refusal = Object.assign(new Error(), { name: 'NotFoundError' });
    browser.permission = Promise.reject(refusal);
    await phone.callAddress('bob');
    expect(phone.call.value).toMatchObject({
      kind: 'idle',
      problem: expect.stringContaining('No microphone was found'),
    });
    expect(requestsTo(SIP)).not.toContain('call');
  });

  test('that was hung up while the browser asked for the microphone is not made', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    browser.permission = promise;
    const made = phone.callAddress('bob');
    await phone.hangUp();
    resolve();
    await made;
    expect(requestsTo(SIP)).not.toContain('call');
    expect(browser.openMicrophones).toBe(0);
    expect(phone.call.value).toMatchObject({ kind: 'idle', note: 'You hung up.' });
  });

  test('is not made during another', async () => {
    await inEcho();
    await phone.callAddress('bob');
    expect(requestsTo(SIP)).not.toContain('call');
  });

  test('ends where its answer cannot be used, or its media fails', async () => {
    await calling();
    tell({ event: 'accepted' }, { type: 'answer', sdp: 'unusable' });
    await settled();
    expect(phone.call.value).toMatchObject({ problem: expect.stringContaining('encryption') });
    await inCall();
    browser.connection.becomes('failed');
    expect(phone.call.value).toMatchObject({ problem: expect.stringContaining('UDP port') });
  });
});

describe('an incoming call', () => {
  beforeEach(() => {
    tell({ event: 'incomingcall', username: 'sip:bob@gw.example', displayname: 'Bob' }, OFFER);
  });

  test('rings, and is answered with the description of the browser', async () => {
    expect(phone.call.value).toEqual({ kind: 'incoming', party: 'bob', name: 'Bob' });
    expect(isRinging()).toBe(true);
    await phone.answer();
    expect(isRinging()).toBe(false);
    expect(browser.connection.remoteDescription).toEqual(OFFER);
    expect(gateway.asked('message').at(-1)).toMatchObject({
      body: { request: 'accept' },
      jsep: { type: 'answer' },
    });
    tell({ event: 'accepted' });
    expect(phone.call.value).toMatchObject({ kind: 'up', party: 'bob' });
  });

  test('that is declined is over', async () => {
    await phone.decline();
    expect(requestsTo(SIP).at(-1)).toBe('decline');
    expect(phone.call.value.kind).toBe('idle');
    expect(isRinging()).toBe(false);
  });

  test('rings no longer once the caller has given up', () => {
    tell({ event: 'hangup', code: 487, reason: 'Request Terminated' });
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: 'The call was cancelled.' });
    expect(isRinging()).toBe(false);
  });

  test('is declined where there is no microphone to answer with', async () => {
    browser.permission = Promise.reject(new Error());
    await phone.answer();
    expect(requestsTo(SIP).at(-1)).toBe('decline');
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: expect.any(String) });
  });
});

describe('a call that comes during another', () => {
  test('is declined, and its end is not the end of the echo', async () => {
    await inEcho();
    tell({ event: 'incomingcall', username: 'sip:bob@gw.example' }, OFFER);
    expect(requestsTo(SIP).at(-1)).toBe('decline');
    tell({ event: 'hangup', code: 486, reason: 'Busy Here' });
    gateway.tell({ janus: 'hangup', sender: gateway.handleOf(SIP), reason: 'Close PC' });
    expect(phone.call.value).toMatchObject({ kind: 'up', party: 'Echo' });
    expect(isRinging()).toBe(false);
  });

  test('does not stop the one that is being made', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    browser.permission = promise;
    const made = phone.callAddress('carol');
    tell({ event: 'incomingcall', username: 'sip:bob@gw.example' }, OFFER);
    resolve();
    await made;
    tell({ event: 'hangup', code: 486, reason: 'Busy Here' });
    tell({ event: 'calling' });
    expect(requestsTo(SIP).slice(-2)).toEqual(['decline', 'call']);
    expect(phone.call.value).toMatchObject({ kind: 'calling', party: 'carol' });
  });
});

describe('the echo', () => {
  test('is called with an offer and is up with its answer', async () => {
    await phone.callEcho();
    expect(gateway.asked('message').at(-1)).toMatchObject({
      handle_id: gateway.handleOf(ECHO),
      body: { audio: true },
      jsep: { type: 'offer' },
    });
    gateway.event(ECHO, { result: 'ok' }, ANSWER);
    expect(phone.call.value).toMatchObject({ kind: 'up', party: 'Echo' });
  });

  test('that is refused is over, with the words of the gateway', async () => {
    await phone.callEcho();
    gateway.event(ECHO, { error_code: 413, error: 'Not now' });
    expect(phone.call.value).toMatchObject({ kind: 'idle', problem: 'Not now' });
  });

  test('has no digits but those in its media, and hangs up its handle', async () => {
    await inEcho();
    browser.connection.canSendDigits = false;
    await phone.sendDigit('1');
    await phone.hangUp();
    expect(requestsTo(SIP)).toEqual(['register']);
    expect(gateway.asked('hangup')).toMatchObject([{ handle_id: gateway.handleOf(ECHO) }]);
  });

  test('that has ended says nothing about the call after it', async () => {
    await inEcho();
    await phone.hangUp();
    await calling();
    gateway.tell({ janus: 'hangup', sender: gateway.handleOf(ECHO), reason: 'Close PC' });
    expect(phone.call.value.kind).toBe('calling');
  });
});

describe('during a call', () => {
  beforeEach(inCall);

  test('hold, mute and digits go where they belong', async () => {
    await phone.hold(true);
    await phone.hold(false);
    phone.mute(true);
    await phone.sendDigit('5');
    expect(requestsTo(SIP).slice(-2)).toEqual(['hold', 'unhold']);
    expect(phone.call.value).toMatchObject({ held: false, muted: true });
    expect(browser.microphones[0]?.tracks[0]?.enabled).toBe(false);
    expect(browser.connection.digits).toEqual(['5']);
  });

  test('digits go by signalling where the other side takes none in its media', async () => {
    browser.connection.canSendDigits = false;
    await phone.sendDigit('5');
    expect(gateway.asked('message').at(-1)?.body).toEqual({ request: 'dtmf_info', digit: '5' });
  });

  test('browser and gateway are asked every second what they measure', async () => {
    browser.connection.reports = [{ type: 'outbound-rtp', kind: 'audio', packetsSent: 50 }];
    await pass(1_000);
    expect(requestsTo(SIP).at(-1)).toBe('call_status');
    const legs = [{ party: 'bob', own: false }];
    tell({ event: 'call_status', call: { legs } });
    expect(phone.facts.value).toMatchObject({ browser: { sent: { packets: 50 } }, legs });
    tell({ event: 'call_status', call: { legs: 'none' } });
    expect(phone.facts.value).toMatchObject({ legs });
  });

  test('hanging up lets go of everything, and the first reason stays', async () => {
    await phone.hangUp();
    tell({ event: 'hangup', code: 200, reason: 'OK' });
    expect(requestsTo(SIP).at(-1)).toBe('hangup');
    expect(phone.call.value).toEqual({ kind: 'idle', note: 'You hung up.', problem: undefined });
    expect(browser.openMicrophones).toBe(0);
    expect(phone.facts.value).toBeUndefined();
    await pass(5_000);
    expect(requestsTo(SIP)).not.toContain('call_status');
  });

  test('the end of its media is its end, with the reason', () => {
    const reason = 'Gateway stopping';
    gateway.tell({ janus: 'hangup', sender: gateway.handleOf(SIP), reason });
    expect(phone.call.value).toMatchObject({ problem: 'The gateway is being stopped.' });
  });
});
