import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../../../gateway/core/log.ts';
import { JanusFace } from '../../../../gateway/janus/face.ts';
import { echoTest } from '../../../../gateway/janus/plugins/echotest.ts';
import { sipPlugin } from '../../../../gateway/janus/plugins/sip/sip-handle.ts';
import { countingRandom, FaceBench } from './face-bench.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\noffer' };

function codeOf(answer: { readonly error?: { readonly code: number } }): number | undefined {
  return answer.error?.code;
}

describe('requests that belong to no session', () => {
  test('ping is answered pong with its transaction', () => {
    const bench = new FaceBench();
    expect(bench.ask({ janus: 'ping', transaction: 'x' })).toEqual({
      janus: 'pong',
      transaction: 'x',
    });
  });

  test('a verb is known in any case', () => {
    expect(new FaceBench().ask({ janus: 'PING' }).janus).toBe('pong');
  });

  test('info names the plugins and tells booleans as booleans', () => {
    const info = new FaceBench().ask({ janus: 'info' });
    expect(info.janus).toBe('server_info');
    expect(Object.keys(info.plugins)).toEqual(['janus.plugin.echotest', 'janus.plugin.sip']);
    expect(info['ice-lite']).toBe(true);
  });

  test('create gives a session id as a number under data and names no session_id', () => {
    const answer = new FaceBench().ask({ janus: 'create' });
    expect(answer.janus).toBe('success');
    expect(Number.isSafeInteger(answer.data.id)).toBe(true);
    expect(answer).not.toHaveProperty('session_id');
  });

  test('a client may choose its session id, but not one in use', () => {
    const bench = new FaceBench();
    expect(bench.ask({ janus: 'create', id: 7 }).data.id).toBe(7);
    expect(codeOf(bench.ask({ janus: 'create', id: 7 }))).toBe(468);
  });

  test('no more sessions are made than the limit allows', () => {
    const bench = new FaceBench({ maximumSessions: 1 });
    bench.session();
    expect(codeOf(bench.ask({ janus: 'create' }))).toBe(472);
    expect(bench.ask({ janus: 'info' })['accepting-new-sessions']).toBe(false);
  });
});

describe('requests that are wrong', () => {
  test.each([
    ['text that is not JSON', 'nonsense', 454],
    ['JSON that is no object', '[1]', 455],
    ['no transaction', '{"janus":"ping"}', 456],
    ['no verb', '{"transaction":"x"}', 456],
    ['a transaction that is no string', '{"janus":"ping","transaction":1}', 467],
    ['a session id that is no integer', '{"janus":"x","transaction":"x","session_id":"1"}', 467],
    ['an unknown verb without ids', '{"janus":"x","transaction":"x"}', 457],
    ['a handle without its session', '{"janus":"x","transaction":"x","handle_id":1}', 457],
    ['an unknown session', '{"janus":"keepalive","transaction":"x","session_id":1}', 458],
  ])('%s gives its code', (_, text, code) => {
    expect(codeOf(new FaceBench().raw(text))).toBe(code);
  });

  test('ids in path and body must agree', () => {
    const bench = new FaceBench();
    const text = '{"janus":"keepalive","transaction":"x","session_id":2}';
    expect(codeOf(bench.raw(text, 'http', { session: 1 }))).toBe(457);
  });

  test('an error names its transaction and session', () => {
    const answer = new FaceBench().ask({ janus: 'keepalive', session_id: 5, transaction: 'x' });
    expect(answer).toMatchObject({ janus: 'error', session_id: 5, transaction: 'x' });
  });

  test('a prototype is never reached through a member name', () => {
    const text = '{"janus":"create","transaction":"x","__proto__":{"id":9}}';
    expect(new FaceBench().raw(text).data.id).not.toBe(9);
  });

  test('a verb of the other level is a wrong path, an unknown one an unknown request', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    const handle_id = bench.attach(session_id, 'janus.plugin.sip');
    expect(codeOf(bench.ask({ janus: 'trickle', session_id }))).toBe(457);
    expect(codeOf(bench.ask({ janus: 'fly', session_id }))).toBe(453);
    expect(codeOf(bench.ask({ janus: 'attach', session_id, handle_id }))).toBe(457);
    expect(codeOf(bench.ask({ janus: 'fly', session_id, handle_id }))).toBe(453);
  });
});

describe('secrets', () => {
  const guarded = { apiSecret: new Secret('s3'), tokens: [new Secret('t0')] };

  test('with a secret or tokens configured a request needs one of them', () => {
    const bench = new FaceBench(guarded);
    expect(codeOf(bench.ask({ janus: 'create' }))).toBe(403);
    expect(codeOf(bench.ask({ janus: 'create', apisecret: 'no' }))).toBe(403);
    expect(bench.ask({ janus: 'create', apisecret: 's3' }).janus).toBe('success');
    expect(bench.ask({ janus: 'create', token: 't0' }).janus).toBe('success');
  });

  test('ping and info need none', () => {
    const bench = new FaceBench(guarded);
    expect(bench.ask({ janus: 'ping' }).janus).toBe('pong');
    expect(bench.ask({ janus: 'info' }).api_secret).toBe(true);
  });

  test('a poll without its secret is refused with a bare 403', () => {
    const bench = new FaceBench(guarded);
    const session = bench.ask({ janus: 'create', apisecret: 's3' }, 'http').data.id;
    bench.poll(session, 'poll-1');
    expect(bench.refused).toEqual([{ type: 'refuse', connection: 'poll-1', status: 403 }]);
  });

  test('a signed token holds until its expiry, and only with its signature', () => {
    const bench = new FaceBench({ tokenSigningKey: new Secret('key') });
    const sign = (text: string) =>
      `${text}:${createHmac('sha1', 'key').update(text).digest('base64')}`;
    const good = sign('1700000001,janus,janus.plugin.sip');
    expect(bench.ask({ janus: 'create', token: good }).janus).toBe('success');
    expect(codeOf(bench.ask({ janus: 'create', token: sign('1699999999,janus,x') }))).toBe(403);
    expect(codeOf(bench.ask({ janus: 'create', token: `${good}A` }))).toBe(403);
  });
});

describe('sessions and handles', () => {
  test('keepalive is answered ack with the session id', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    expect(bench.ask({ janus: 'keepalive', session_id })).toMatchObject({
      janus: 'ack',
      session_id,
    });
  });

  test('only known plugins can be attached to, and only so many times', () => {
    const bench = new FaceBench({ maximumHandlesPerSession: 1 });
    const session_id = bench.session();
    const other = bench.ask({ janus: 'attach', session_id, plugin: 'janus.plugin.streaming' });
    expect(codeOf(other)).toBe(460);
    expect(codeOf(bench.ask({ janus: 'attach', session_id }))).toBe(456);
    bench.attach(session_id, 'janus.plugin.echotest');
    const more = bench.ask({ janus: 'attach', session_id, plugin: 'janus.plugin.echotest' });
    expect(codeOf(more)).toBe(461);
  });

  test('a handle is reached only through its own session', () => {
    const bench = new FaceBench();
    const handle_id = bench.attach(bench.session(), 'janus.plugin.echotest');
    const session_id = bench.session();
    expect(codeOf(bench.ask({ janus: 'detach', session_id, handle_id }))).toBe(459);
  });

  test('detach is answered and then told', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    const handle_id = bench.attach(session_id, 'janus.plugin.echotest');
    expect(bench.ask({ janus: 'detach', session_id, handle_id }).janus).toBe('success');
    expect(bench.sent.at(-1)?.body).toEqual({ janus: 'detached', session_id, sender: handle_id });
    expect(bench.face.counts()).toEqual({ sessions: 1, handles: 0, legs: 0 });
  });

  test('destroy leaves nothing behind and ends the calls of its handles', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    const handle_id = bench.attach(session_id, 'janus.plugin.echotest');
    bench.ask({ janus: 'message', session_id, handle_id, body: {}, jsep: OFFER });
    expect(bench.ask({ janus: 'destroy', session_id })).toMatchObject({
      janus: 'success',
      session_id,
    });
    expect(bench.legEvents.at(-1)?.event).toMatchObject({
      type: 'ended',
      cause: { name: 'client-closed' },
    });
    expect(bench.face.counts()).toEqual({ sessions: 0, handles: 0, legs: 0 });
    bench.pass(2_000);
    expect(bench.face.deadline()).toBeUndefined();
  });

  test('a session that says nothing for its time-out is told so and is gone', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    bench.attach(session_id, 'janus.plugin.sip');
    bench.pass(59_000);
    expect(bench.face.counts().sessions).toBe(1);
    bench.pass(2_000);
    expect(bench.sent.at(-1)?.body).toEqual({ janus: 'timeout', session_id });
    expect(bench.face.counts()).toEqual({ sessions: 0, handles: 0, legs: 0 });
  });

  test('a keepalive puts the time-out off', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    bench.pass(50_000);
    bench.ask({ janus: 'keepalive', session_id });
    bench.pass(50_000);
    expect(bench.face.counts().sessions).toBe(1);
  });
});

describe('a socket that is lost', () => {
  function withCall(bench: FaceBench) {
    const session_id = bench.session();
    const handle_id = bench.attach(session_id, 'janus.plugin.echotest');
    bench.ask({ janus: 'message', session_id, handle_id, body: {}, jsep: OFFER });
    return { session_id, handle_id, leg: bench.legs[0]?.leg ?? '' };
  }

  test('ends its session and calls at once where nothing can be reclaimed', () => {
    const bench = new FaceBench({ reclaimTimeoutMs: 0 });
    withCall(bench);
    bench.input({ type: 'closed', connection: 'socket', clean: false });
    expect(bench.legEvents.at(-1)?.event).toMatchObject({
      type: 'ended',
      cause: { name: 'client-timeout' },
    });
    expect(bench.face.counts()).toEqual({ sessions: 0, handles: 0, legs: 0 });
  });

  test('leaves a session that can be claimed, with the events that came meanwhile', () => {
    const bench = new FaceBench({ reclaimTimeoutMs: 10_000 });
    const { session_id, leg } = withCall(bench);
    bench.input({ type: 'closed', connection: 'socket', clean: false });
    expect(bench.legEvents.at(-1)?.event.type).toBe('signalling-lost');
    bench.command(leg, { type: 'answer', sdp: 'v=0', headers: [] });
    const claim = bench.ask({ janus: 'claim', session_id }, 'socket-2');
    expect(claim).toMatchObject({ janus: 'success', session_id });
    expect(bench.sent.at(-1)).toMatchObject({
      connection: 'socket-2',
      body: { janus: 'event', jsep: { type: 'answer' } },
    });
    expect(bench.legEvents.at(-1)?.event.type).toBe('signalling-back');
    expect(bench.face.counts().legs).toBe(1);
  });

  test('ends its session when nobody claims it in time', () => {
    const bench = new FaceBench({ reclaimTimeoutMs: 10_000 });
    withCall(bench);
    bench.input({ type: 'closed', connection: 'socket', clean: false });
    bench.pass(9_000);
    expect(bench.face.counts().sessions).toBe(1);
    bench.pass(2_000);
    expect(bench.legEvents.at(-1)?.event.type).toBe('ended');
    expect(bench.face.counts()).toEqual({ sessions: 0, handles: 0, legs: 0 });
  });

  test('that its client closed on purpose is waited for no longer than a reload takes', () => {
    const bench = new FaceBench({ reclaimTimeoutMs: 30_000 });
    withCall(bench);
    bench.input({ type: 'closed', connection: 'socket', clean: true });
    bench.pass(4_000);
    expect(bench.face.counts().sessions).toBe(1);
    bench.pass(2_000);
    expect(bench.face.counts()).toEqual({ sessions: 0, handles: 0, legs: 0 });
  });

  test('does not take a session along that was claimed from it', () => {
    const bench = new FaceBench();
    const session_id = bench.session();
    bench.ask({ janus: 'claim', session_id }, 'socket-2');
    bench.input({ type: 'closed', connection: 'socket', clean: false });
    expect(bench.face.counts().sessions).toBe(1);
  });
});

describe('long polls', () => {
  test('an event releases every poll: the first takes it, the others come away empty', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    const handle = bench.attach(session, 'janus.plugin.echotest', 'http');
    bench.poll(session, 'poll-1', 10);
    bench.poll(session, 'poll-2', 10);
    const text = '{"janus":"message","transaction":"x","body":{"audio":true}}';
    bench.raw(text, 'http', { session, handle });
    const bodyOf = (connection: string) =>
      bench.sent.find((sent) => sent.connection === connection)?.body;
    expect(bodyOf('poll-1')).toMatchObject([{ janus: 'event', transaction: 'x' }]);
    expect(bodyOf('poll-2')).toEqual([{ janus: 'keepalive' }]);
  });

  test('events that wait are given at once, as an array of at most what is asked for', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    const handle = bench.attach(session, 'janus.plugin.echotest', 'http');
    for (const transaction of ['a', 'b', 'c']) {
      const text = JSON.stringify({ janus: 'message', transaction, body: {} });
      bench.raw(text, 'http', { session, handle });
    }
    bench.poll(session, 'poll-1', 2);
    bench.poll(session, 'poll-2');
    const [two, one] = bench.sent.slice(-2).map((sent) => sent.body);
    expect(two).toMatchObject([{ transaction: 'a' }, { transaction: 'b' }]);
    expect(one).toMatchObject({ transaction: 'c' });
  });

  test('a poll without news is released with a keepalive after its time', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    bench.poll(session, 'poll-1');
    bench.pass(31_000);
    expect(bench.sent.at(-1)).toEqual({ connection: 'poll-1', body: { janus: 'keepalive' } });
  });

  test('a session lives as long as somebody polls it', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    for (let round = 0; round < 5; round += 1) {
      bench.poll(session, `poll-${round}`, 10);
      bench.pass(31_000);
    }
    expect(bench.face.counts().sessions).toBe(1);
  });

  test('a poll of an unknown session is refused with a bare 404', () => {
    const bench = new FaceBench();
    bench.poll(1, 'poll-1');
    expect(bench.refused).toEqual([{ type: 'refuse', connection: 'poll-1', status: 404 }]);
  });

  test('a client that went away takes no events along', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    const handle = bench.attach(session, 'janus.plugin.echotest', 'http');
    bench.poll(session, 'poll-1', 10);
    bench.input({ type: 'closed', connection: 'poll-1', clean: false });
    const text = '{"janus":"message","transaction":"x","body":{}}';
    bench.raw(text, 'http', { session, handle });
    bench.poll(session, 'poll-2', 10);
    expect(bench.sent.at(-1)?.body).toMatchObject([{ transaction: 'x' }]);
  });

  test('a session whose events nobody fetches is given up', () => {
    const bench = new FaceBench();
    const session = bench.session('http');
    const handle = bench.attach(session, 'janus.plugin.echotest', 'http');
    const text = '{"janus":"message","transaction":"x","body":{}}';
    for (let count = 0; count < 513; count += 1) bench.raw(text, 'http', { session, handle });
    expect(bench.face.counts().sessions).toBe(0);
  });
});

describe('trickle', () => {
  function offered() {
    const bench = new FaceBench();
    const session_id = bench.session();
    const handle_id = bench.attach(session_id, 'janus.plugin.echotest');
    bench.ask({ janus: 'message', session_id, handle_id, body: {}, jsep: OFFER });
    return {
      bench,
      ask: (more: object) => bench.ask({ janus: 'trickle', session_id, handle_id, ...more }),
    };
  }

  test('a candidate is acknowledged and told to the call', () => {
    const { bench, ask } = offered();
    const candidate = { candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMid: '0' };
    expect(ask({ candidate }).janus).toBe('ack');
    expect(bench.legEvents.at(-1)?.event).toEqual({
      type: 'candidates',
      candidates: [candidate.candidate],
    });
  });

  test('the end of candidates is acknowledged in each of its spellings', () => {
    const { bench, ask } = offered();
    expect(ask({ candidate: { completed: true } }).janus).toBe('ack');
    expect(ask({ candidate: null }).janus).toBe('ack');
    expect(ask({ candidate: { candidate: '', sdpMid: '0' } }).janus).toBe('ack');
    expect(bench.legEvents).toHaveLength(0);
  });

  test('in an array what cannot be used is passed over', () => {
    const { bench, ask } = offered();
    const candidates = [{ candidate: 7 }, { candidate: 'candidate:2', sdpMLineIndex: 0 }, null];
    expect(ask({ candidates }).janus).toBe('ack');
    expect(bench.legEvents.at(-1)?.event).toMatchObject({ candidates: ['candidate:2'] });
  });

  test('no candidate, both kinds, and one without its m-line are refused', () => {
    const { ask } = offered();
    expect(codeOf(ask({}))).toBe(456);
    expect(codeOf(ask({ candidate: null, candidates: [] }))).toBe(467);
    expect(codeOf(ask({ candidate: { candidate: 'candidate:1' } }))).toBe(456);
  });
});

describe('what media tells', () => {
  test.each([
    [{ type: 'connected' } as const, { janus: 'webrtcup' }],
    [
      { type: 'receiving', mid: '0', kind: 'audio', receiving: true, seconds: 0 } as const,
      { janus: 'media', mid: '0', type: 'audio', receiving: true },
    ],
    [
      { type: 'receiving', mid: '0', kind: 'audio', receiving: false, seconds: 4 } as const,
      { janus: 'media', mid: '0', type: 'audio', receiving: false, seconds: 4 },
    ],
    [
      { type: 'slow-link', mid: '0', kind: 'audio', uplink: true, lost: 12 } as const,
      { janus: 'slowlink', mid: '0', media: 'audio', uplink: true, lost: 12 },
    ],
  ])('%j is a core event', (event, expected) => {
    const bench = new FaceBench();
    const session_id = bench.session();
    const sender = bench.attach(session_id, 'janus.plugin.echotest');
    bench.ask({ janus: 'message', session_id, handle_id: sender, body: {}, jsep: OFFER });
    bench.command(bench.legs[0]?.leg ?? '', { type: 'media', event });
    expect(bench.sent.at(-1)?.body).toEqual({ session_id, sender, ...expected });
  });
});

describe('a snapshot', () => {
  test('restores sessions, handles and calls, and answers as the first would have', () => {
    const bench = new FaceBench();
    const session_id = bench.session('http');
    const handle_id = bench.attach(session_id, 'janus.plugin.echotest', 'http');
    bench.ask({ janus: 'message', session_id, handle_id, body: {}, jsep: OFFER }, 'http');
    const snapshot = JSON.parse(JSON.stringify(bench.face.snapshot()));
    bench.face = new JanusFace(bench.options, [echoTest, sipPlugin], countingRandom(), snapshot);
    expect(bench.face.counts()).toEqual({ sessions: 1, handles: 1, legs: 1 });
    bench.command(bench.legs[0]?.leg ?? '', { type: 'answer', sdp: 'v=0', headers: [] });
    bench.poll(session_id, 'poll', 10);
    expect(bench.sent.at(-1)?.body).toMatchObject([{ jsep: { type: 'answer', sdp: 'v=0' } }]);
  });
});
