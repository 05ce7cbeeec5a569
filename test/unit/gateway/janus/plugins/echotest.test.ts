import { describe, expect, test } from '@jest/globals';
import { FaceBench, type Message } from '../face-bench.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\noffer' };

function attached() {
  const bench = new FaceBench();
  const session_id = bench.session();
  const handle_id = bench.attach(session_id, 'janus.plugin.echotest');
  const say = (body: Message, jsep?: Message) =>
    bench.ask({ janus: 'message', session_id, handle_id, body, jsep, transaction: 'mine' });
  const leg = () => bench.legs[0]?.leg ?? '';
  return { bench, session_id, handle_id, say, leg };
}

describe('the echo test', () => {
  test('takes an offer to the echo application', () => {
    const { bench, say } = attached();
    expect(say({ audio: true, video: false }, OFFER).janus).toBe('ack');
    expect(bench.legs).toMatchObject([
      { application: 'echo', offer: OFFER.sdp, signalling: 'janus', local: true },
    ]);
  });

  test('answers ok with the answer, stamped with the transaction', () => {
    const { bench, say, leg, handle_id } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'answer', sdp: 'v=0\r\nanswer', headers: [] });
    expect(bench.lastEvent()).toMatchObject({
      transaction: 'mine',
      sender: handle_id,
      plugindata: { plugin: 'janus.plugin.echotest', data: { echotest: 'event', result: 'ok' } },
      jsep: { type: 'answer', sdp: 'v=0\r\nanswer' },
    });
  });

  test('answers a request without an offer with ok and no jsep', () => {
    const { bench, say } = attached();
    say({ audio: false });
    expect(bench.lastEvent().plugindata.data).toEqual({ echotest: 'event', result: 'ok' });
    expect(bench.lastEvent()).not.toHaveProperty('jsep');
  });

  test('renegotiates on the same leg', () => {
    const { bench, say, leg } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'answer', sdp: 'v=0', headers: [] });
    say({}, { type: 'offer', sdp: 'v=0\r\nsecond' });
    expect(bench.legs).toHaveLength(1);
    expect(bench.legEvents.at(-1)).toEqual({
      type: 'leg-event',
      leg: leg(),
      event: { type: 'reoffered', sdp: 'v=0\r\nsecond' },
    });
    bench.command(leg(), { type: 'reanswer', sdp: 'v=0\r\nsecond answer' });
    expect(bench.lastEvent().jsep).toEqual({ type: 'answer', sdp: 'v=0\r\nsecond answer' });
  });

  test.each([
    ['a flag of the wrong type', { audio: 'yes' }, undefined, 413],
    ['an answer where an offer is due', {}, { type: 'answer', sdp: 'v=0' }, 414],
  ])('refuses %s', (_, body, jsep, code) => {
    const { bench, say } = attached();
    say(body, jsep);
    expect(bench.lastEvent()).toMatchObject({
      transaction: 'mine',
      plugindata: { data: { echotest: 'event', error_code: code } },
    });
  });

  test('refuses the offer that the call cannot take', () => {
    const { bench, say, leg } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'reject', cause: { name: 'not-acceptable' }, headers: [] });
    expect(bench.lastEvent().plugindata.data.error_code).toBe(414);
    expect(bench.face.counts().legs).toBe(0);
  });

  test('says done and hangs up when its media is lost', () => {
    const { bench, say, leg } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'answer', sdp: 'v=0', headers: [] });
    bench.command(leg(), { type: 'hangup', cause: { name: 'media-closed' }, headers: [] });
    expect(bench.lastEvent().plugindata.data.result).toBe('done');
    expect(bench.sent.at(-1)?.body).toMatchObject({ janus: 'hangup', reason: 'DTLS alert' });
    expect(bench.face.counts().legs).toBe(0);
  });

  test('ends its call when the client hangs up, and can begin another', () => {
    const { bench, say, leg, session_id, handle_id } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'answer', sdp: 'v=0', headers: [] });
    expect(bench.ask({ janus: 'hangup', session_id, handle_id }).janus).toBe('success');
    expect(bench.legEvents.at(-1)?.event).toMatchObject({
      type: 'ended',
      cause: { name: 'normal' },
    });
    expect(bench.sent.at(-1)?.body).toMatchObject({ janus: 'hangup', reason: 'Janus API' });
    say({}, OFFER);
    expect(bench.legs).toHaveLength(2);
  });

  test('tells what is known of its call', () => {
    const { bench, say, leg } = attached();
    say({}, OFFER);
    bench.command(leg(), { type: 'answer', sdp: 'v=0', headers: [] });
    say({ request: 'call_status' });
    expect(bench.others).toContainEqual({ type: 'inspect', leg: leg(), request: 1 });
    bench.input({ type: 'call-facts', request: 1, facts: { codec: 'opus' } });
    expect(bench.lastEvent()).toMatchObject({
      transaction: 'mine',
      plugindata: { data: { call: { codec: 'opus' } } },
    });
  });
});
