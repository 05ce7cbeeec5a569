import { describe, expect, test } from '@jest/globals';
import type { Cause, LegCommand } from '../../../../../../gateway/call/leg-contract.ts';
import { FaceBench, type Message } from '../../face-bench.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\noffer' };
const ANSWER = { type: 'answer', sdp: 'v=0\r\nanswer' };
const BOB = 'sip:bob@example.org';

class Phone {
  readonly bench = new FaceBench();
  readonly session_id = this.bench.session();
  readonly handle_id = this.bench.attach(this.session_id, 'janus.plugin.sip');

  say(body: Message, jsep?: Message, transaction = 'mine'): Message {
    const { session_id, handle_id } = this;
    return this.bench.ask({ janus: 'message', session_id, handle_id, body, jsep, transaction });
  }

  registered(): this {
    this.say({ request: 'register', type: 'guest', username: 'sip:alice@example.org' });
    this.bench.input({
      type: 'account-event',
      event: {
        type: 'registered',
        client: String(this.handle_id),
        addressOfRecord: 'sip:alice@example.org',
        account: 'account-1',
        sent: false,
      },
    });
    return this;
  }

  calling(body: Message = {}): this {
    this.registered().say({ request: 'call', uri: BOB, ...body }, OFFER, 'the-call');
    return this;
  }

  called(): this {
    this.registered().invite('leg-in');
    return this;
  }

  up(): this {
    this.calling().command({ type: 'answer', sdp: 'v=0', headers: [] });
    return this;
  }

  invite(leg: string): void {
    this.bench.command(leg, {
      type: 'invite',
      to: 'sip:alice@example.org',
      from: { uri: BOB, displayName: 'Bob' },
      offer: OFFER.sdp,
      headers: [],
      interface: 'outside',
      route: { kind: 'janus', handle: String(this.handle_id) },
    });
  }

  command(command: LegCommand): void {
    this.bench.command(this.bench.legs.at(-1)?.leg ?? 'leg-in', command);
  }

  get last(): Message {
    return this.bench.lastEvent().plugindata.data;
  }

  get lastLegEvent() {
    return this.bench.legEvents.at(-1);
  }
}

describe('registering', () => {
  test('with a secret asks for a REGISTER and says so first', () => {
    const phone = new Phone();
    phone.say({
      request: 'register',
      username: 'sip:alice@example.org',
      secret: 'pw',
      authuser: 'al',
      proxy: 'sip:pbx.example.org',
      register_ttl: 120,
      display_name: 'Alice',
    });
    expect(phone.last.result).toMatchObject({ event: 'registering' });
    expect(phone.bench.others).toContainEqual({
      type: 'account-command',
      command: expect.objectContaining({
        type: 'register',
        client: String(phone.handle_id),
        addressOfRecord: 'sip:alice@example.org',
        displayName: 'Alice',
        authenticationUser: 'al',
        secret: { type: 'password', password: 'pw' },
        registrar: 'sip:pbx.example.org',
        send: true,
        expiresSeconds: 120,
        local: true,
      }),
    });
  });

  test('with a digest keeps to the digest', () => {
    const phone = new Phone();
    phone.say({ request: 'register', username: 'sip:a@b', ha1_secret: 'f00' });
    expect(phone.bench.others[0]).toMatchObject({
      command: { secret: { type: 'ha1', ha1: 'f00' } },
    });
  });

  test('as a guest sends nothing and is told so with the transaction', () => {
    const phone = new Phone().registered();
    expect(phone.bench.story()).not.toContain('registering');
    expect(phone.bench.others[0]).toMatchObject({
      command: { send: false, secret: { type: 'none' } },
    });
    expect(phone.bench.lastEvent().transaction).toBe('mine');
    expect(phone.last.result).toMatchObject({
      event: 'registered',
      username: 'sip:alice@example.org',
      register_sent: false,
      master_id: phone.handle_id,
    });
  });

  test('that fails tells the status, and can be tried again', () => {
    const phone = new Phone();
    const request = { request: 'register', username: 'sip:a@b', secret: 'x' };
    phone.say(request);
    phone.bench.input({
      type: 'account-event',
      event: {
        type: 'registration-failed',
        client: String(phone.handle_id),
        status: 403,
        reason: 'Forbidden',
        headers: [],
      },
    });
    expect(phone.last.result).toEqual({
      event: 'registration_failed',
      code: 403,
      reason: 'Forbidden',
    });
    phone.say(request);
    expect(phone.last.result.event).toBe('registering');
  });

  test.each([
    ['no address', { type: 'guest' }, 443],
    ['no secret', { username: 'sip:a@b' }, 443],
    ['an address that is none', { type: 'guest', username: 'alice' }, 446],
    ['a proxy that is no address', { type: 'guest', username: 'sip:a@b', proxy: 'pbx' }, 446],
    ['headers that are an array', { type: 'guest', username: 'sip:a@b', headers: [] }, 444],
    [
      'a header value with a line break',
      { type: 'guest', username: 'sip:a@b', headers: { 'X-A': 'a\r\nVia: b' } },
      444,
    ],
    ['a helper without its master', { type: 'helper', username: 'sip:a@b' }, 443],
  ])('with %s is refused', (_, body, code) => {
    const phone = new Phone();
    phone.say({ request: 'register', ...body });
    expect(phone.last).toMatchObject({ sip: 'event', error_code: code });
    expect(phone.bench.others.filter((output) => output.type === 'account-command')).toEqual([]);
  });

  test('twice is refused unless it refreshes', () => {
    const phone = new Phone().registered();
    const request = { request: 'register', type: 'guest', username: 'sip:alice@example.org' };
    phone.say(request);
    expect(phone.last.error_code).toBe(445);
    phone.say({ ...request, refresh: true });
    expect(phone.last.error_code).toBe(445);
    expect(phone.bench.others.at(-1)).toMatchObject({ command: { type: 'register' } });
  });

  test('is undone by unregister', () => {
    const phone = new Phone().registered();
    phone.say({ request: 'unregister' }, undefined, 'bye');
    expect(phone.last.result.event).toBe('unregistering');
    phone.bench.input({
      type: 'account-event',
      event: {
        type: 'unregistered',
        client: String(phone.handle_id),
        addressOfRecord: 'sip:alice@example.org',
        sent: false,
      },
    });
    expect(phone.bench.lastEvent().transaction).toBe('bye');
    expect(phone.last.result.event).toBe('unregistered');
  });

  test('ends with the handle', () => {
    const phone = new Phone().registered();
    const { session_id, handle_id } = phone;
    phone.bench.ask({ janus: 'detach', session_id, handle_id });
    expect(phone.bench.others.at(-1)).toEqual({
      type: 'account-command',
      command: { type: 'forget', client: String(handle_id) },
    });
  });
});

describe('an outgoing call', () => {
  test('goes out under the account, with the offer, headers and keying asked for', () => {
    const phone = new Phone().calling({
      call_id: 'id-1',
      srtp: 'sdes_mandatory',
      headers: { 'X-Ticket': '7' },
    });
    expect(phone.bench.legs[0]).toMatchObject({
      from: { uri: 'sip:alice@example.org' },
      to: BOB,
      registration: 'account-1',
      offer: OFFER.sdp,
      callId: 'id-1',
      farKeying: 'sdes-mandatory',
      headers: [['X-Ticket', '7']],
    });
    expect(phone.last).toEqual({ sip: 'event', call_id: 'id-1', result: { event: 'calling' } });
  });

  test('stamps the events of the call with the transaction of the call', () => {
    const phone = new Phone().calling({ call_id: 'id-1' });
    phone.command({ type: 'ring', headers: [] });
    phone.command({ type: 'answer', sdp: ANSWER.sdp, headers: [['X-A', 'b']] });
    const events = phone.bench.events().slice(-3);
    expect(events.map((event) => event.plugindata.data.result.event)).toEqual([
      'calling',
      'ringing',
      'accepted',
    ]);
    for (const event of events) {
      expect(event.transaction).toBe('the-call');
      expect(event.plugindata.data.call_id).toBe('id-1');
    }
    expect(phone.last.result).toMatchObject({ username: BOB, headers: { 'X-A': 'b' } });
    expect(phone.bench.lastEvent().jsep).toEqual(ANSWER);
  });

  test('with early media is answered once, at the progress', () => {
    const phone = new Phone().calling();
    phone.command({ type: 'progress', sdp: ANSWER.sdp, headers: [] });
    expect(phone.bench.lastEvent().jsep).toEqual(ANSWER);
    phone.command({ type: 'progress', sdp: 'v=0\r\nfork', headers: [] });
    phone.command({ type: 'answer', sdp: ANSWER.sdp, headers: [] });
    expect(phone.bench.story().slice(-2)).toEqual(['progress', 'accepted']);
    expect(phone.bench.lastEvent()).not.toHaveProperty('jsep');
  });

  test('that is refused gives the status and phrase of the peer, then hangs up', () => {
    const phone = new Phone().calling();
    const cause: Cause = { name: 'busy', sip: { status: 486, reason: 'Busy Here' } };
    phone.command({ type: 'reject', cause, headers: [] });
    expect(phone.last.result).toMatchObject({ event: 'hangup', code: 486, reason: 'Busy Here' });
    expect(phone.bench.lastEvent().transaction).toBe('the-call');
    expect(phone.bench.sent.at(-1)?.body).toMatchObject({ janus: 'hangup', reason: 'Close PC' });
    expect(phone.bench.face.counts().legs).toBe(0);
  });

  test('is cancelled by hangup before the answer, and ended by it after', () => {
    const ringing = new Phone().calling();
    ringing.say({ request: 'hangup' });
    expect(ringing.lastLegEvent?.event).toMatchObject({
      type: 'cancelled',
      cause: { name: 'cancelled' },
    });
    expect(ringing.bench.story().slice(-3)).toEqual(['hangingup', 'hangup', 'hangup']);
    const up = new Phone().up();
    up.say({ request: 'hangup', headers: { Reason: 'x' } });
    expect(up.lastLegEvent?.event).toEqual({
      type: 'ended',
      cause: { name: 'normal' },
      headers: [['Reason', 'x']],
    });
    expect(up.bench.face.counts().legs).toBe(0);
  });

  test('ended by the far side tells how', () => {
    const phone = new Phone().up();
    phone.command({ type: 'hangup', cause: { name: 'media-closed' }, headers: [] });
    expect(phone.last.result).toMatchObject({
      event: 'hangup',
      code: 200,
      reason_header_protocol: 'Q.850',
      reason_header_cause: '16',
      reason_header: 'media closed',
    });
    phone.say({ request: 'hangup' });
    expect(phone.last.error_code).toBe(447);
  });

  test.each([
    ['without an account', () => new Phone(), { uri: BOB }, OFFER, 447],
    ['while in a call', () => new Phone().calling(), { uri: BOB }, OFFER, 447],
    ['without an address', () => new Phone().registered(), {}, OFFER, 443],
    ['to what is no address', () => new Phone().registered(), { uri: 'bob' }, OFFER, 446],
    [
      'with an address of two lines',
      () => new Phone().registered(),
      { uri: `${BOB}\r\n` },
      OFFER,
      446,
    ],
    ['without an offer', () => new Phone().registered(), { uri: BOB }, undefined, 448],
    ['with an answer', () => new Phone().registered(), { uri: BOB }, ANSWER, 448],
    ['with unknown keying', () => new Phone().registered(), { uri: BOB, srtp: 'x' }, OFFER, 444],
    [
      'under an id of two lines',
      () => new Phone().registered(),
      { uri: BOB, call_id: 'a\nfact call.answered' },
      OFFER,
      444,
    ],
  ])('%s is refused', (_, make, body, jsep, code) => {
    const phone = make();
    const before = phone.bench.legs.length;
    phone.say({ request: 'call', ...body }, jsep);
    expect(phone.last).toMatchObject({ error_code: code });
    expect(phone.bench.legs).toHaveLength(before);
  });
});

describe('an incoming call', () => {
  test('is offered to the client, and rings', () => {
    const phone = new Phone().called();
    expect(phone.last.result).toEqual({
      event: 'incomingcall',
      username: BOB,
      displayname: 'Bob',
      callee: 'sip:alice@example.org',
    });
    expect(phone.last.call_id).toEqual(expect.any(String));
    expect(phone.bench.lastEvent().jsep).toEqual(OFFER);
    expect(phone.lastLegEvent).toMatchObject({ leg: 'leg-in', event: { type: 'ringing' } });
  });

  test('carries no transaction of an earlier call', () => {
    const phone = new Phone().calling();
    phone.command({ type: 'reject', cause: { name: 'busy' }, headers: [] });
    phone.invite('leg-in');
    expect(phone.bench.lastEvent()).not.toHaveProperty('transaction');
  });

  test('is accepted with an answer, and its later events carry that transaction', () => {
    const phone = new Phone().called();
    phone.say({ request: 'accept' }, ANSWER, 'accepting');
    expect(phone.last.result.event).toBe('accepted');
    expect(phone.lastLegEvent?.event).toMatchObject({ type: 'answered', sdp: ANSWER.sdp });
    phone.command({ type: 'hangup', cause: { name: 'normal' }, headers: [] });
    expect(phone.bench.lastEvent().transaction).toBe('accepting');
  });

  test('can be given early media first', () => {
    const phone = new Phone().called();
    phone.say({ request: 'progress' }, ANSWER);
    expect(phone.last.result.event).toBe('progressed');
    expect(phone.lastLegEvent?.event).toMatchObject({ type: 'progress', sdp: ANSWER.sdp });
    phone.say({ request: 'accept' }, ANSWER);
    expect(phone.last.result.event).toBe('accepted');
  });

  test('is declined with 486 or with the code given', () => {
    const plain = new Phone().called();
    plain.say({ request: 'decline' });
    expect(plain.lastLegEvent?.event).toMatchObject({
      type: 'rejected',
      cause: { sip: { status: 486 } },
    });
    const coded = new Phone().called();
    coded.say({ request: 'decline', code: 603 });
    expect(coded.lastLegEvent?.event).toMatchObject({ cause: { sip: { status: 603 } } });
    expect(coded.bench.story()).toContain('declining');
    expect(coded.bench.face.counts().legs).toBe(0);
  });

  test('that its caller gives up ends with a hangup', () => {
    const phone = new Phone().called();
    phone.command({ type: 'cancel', cause: { name: 'cancelled' } });
    expect(phone.last.result).toMatchObject({ event: 'hangup', code: 487 });
  });

  test('to a busy line is missed', () => {
    const phone = new Phone().up();
    phone.invite('leg-2');
    expect(phone.last.result).toEqual({
      event: 'missed_call',
      caller: BOB,
      displayname: 'Bob',
      callee: 'sip:alice@example.org',
    });
    expect(phone.lastLegEvent).toMatchObject({
      leg: 'leg-2',
      event: { type: 'rejected', cause: { name: 'busy' } },
    });
    expect(phone.bench.face.counts().legs).toBe(1);
  });

  test('to a busy line goes to a helper that has no call', () => {
    const phone = new Phone().up();
    const helper = phone.bench.attach(phone.session_id, 'janus.plugin.sip');
    phone.bench.ask({
      janus: 'message',
      session_id: phone.session_id,
      handle_id: helper,
      body: {
        request: 'register',
        type: 'helper',
        username: 'sip:alice@example.org',
        master_id: phone.handle_id,
      },
    });
    expect(phone.bench.others.at(-1)).toMatchObject({
      command: { type: 'join', client: String(helper), master: String(phone.handle_id) },
    });
    phone.bench.input({
      type: 'account-event',
      event: {
        type: 'registered',
        client: String(helper),
        addressOfRecord: 'sip:alice@example.org',
        account: 'account-1',
        sent: false,
      },
    });
    phone.invite('leg-2');
    expect(phone.bench.lastEvent()).toMatchObject({
      sender: helper,
      plugindata: { data: { result: { event: 'incomingcall' } } },
    });
  });

  test('to a handle that is gone is refused', () => {
    const bench = new FaceBench();
    bench.command('leg-in', {
      type: 'invite',
      to: BOB,
      from: { uri: BOB },
      offer: '',
      headers: [],
      interface: 'outside',
      route: { kind: 'janus', handle: '12' },
    });
    expect(bench.legEvents).toMatchObject([
      { leg: 'leg-in', event: { type: 'rejected', cause: { name: 'unavailable' } } },
    ]);
    expect(bench.face.counts().legs).toBe(0);
  });

  test('needs an answer to be accepted, and a call to be accepted or declined', () => {
    const phone = new Phone().called();
    phone.say({ request: 'accept' });
    expect(phone.last.error_code).toBe(448);
    const idle = new Phone().registered();
    idle.say({ request: 'accept' }, ANSWER);
    expect(idle.last.error_code).toBe(447);
    idle.say({ request: 'decline' });
    expect(idle.last.error_code).toBe(447);
  });
});

describe('within a call', () => {
  test.each([
    ['hold', {}, 'holding', { type: 'hold', direction: 'sendonly' }],
    ['hold', { direction: 'inactive' }, 'holding', { type: 'hold', direction: 'inactive' }],
    ['unhold', {}, 'resuming', { type: 'resume' }],
    [
      'dtmf_info',
      { digit: 'a', duration: 100 },
      'dtmfsent',
      { type: 'dtmf', digit: 'A', durationMs: 100 },
    ],
    ['dtmf_info', { digit: '5' }, 'dtmfsent', { type: 'dtmf', digit: '5', durationMs: 160 }],
  ])('%s %j is confirmed and told to the call', (request, body, event, told) => {
    const phone = new Phone().up();
    phone.say({ request, ...body }, undefined, 'now');
    expect(phone.last.result.event).toBe(event);
    expect(phone.bench.lastEvent().transaction).toBe('now');
    expect(phone.lastLegEvent?.event).toEqual(told);
  });

  test.each([
    ['hold', { direction: 'up' }, 444],
    ['dtmf_info', {}, 443],
    ['dtmf_info', { digit: '12' }, 444],
    ['update', {}, 448],
    ['transfer', { uri: BOB }, 442],
    ['nonsense', {}, 442],
  ])('%s %j is refused', (request, body, code) => {
    const phone = new Phone().up();
    phone.say({ request, ...body });
    expect(phone.last.error_code).toBe(code);
  });

  test('a request without a name is refused', () => {
    const phone = new Phone();
    phone.say({});
    expect(phone.last.error_code).toBe(443);
  });

  test('the client renegotiates by update, and its answer comes as accepted', () => {
    const phone = new Phone().up();
    phone.say({ request: 'update' }, OFFER);
    expect(phone.last.result.event).toBe('updating');
    expect(phone.lastLegEvent?.event).toEqual({ type: 'reoffered', sdp: OFFER.sdp });
    phone.command({ type: 'reanswer', sdp: ANSWER.sdp });
    expect(phone.last.result.event).toBe('accepted');
    expect(phone.bench.lastEvent().jsep).toEqual(ANSWER);
  });

  test('a new offer from the call comes as updatingcall and is answered by update', () => {
    const phone = new Phone().up();
    phone.command({ type: 'reoffer', sdp: OFFER.sdp });
    expect(phone.last.result.event).toBe('updatingcall');
    phone.say({ request: 'update' }, ANSWER);
    expect(phone.last.result.event).toBe('updated');
    expect(phone.lastLegEvent?.event).toEqual({ type: 'reanswered', sdp: ANSWER.sdp });
  });

  test('a digit from the far side is told', () => {
    const phone = new Phone().up();
    phone.command({ type: 'dtmf', digit: '7', durationMs: 120 });
    expect(phone.last.result).toEqual({ event: 'dtmf', sender: BOB, signal: '7', duration: 120 });
  });

  test('the client that closes its PeerConnection ends the call', () => {
    const phone = new Phone().up();
    const { session_id, handle_id } = phone;
    phone.bench.ask({ janus: 'hangup', session_id, handle_id });
    expect(phone.lastLegEvent?.event).toMatchObject({ type: 'ended', cause: { name: 'normal' } });
    expect(phone.bench.story().slice(-3)).toEqual(['success', 'hangup', 'hangup']);
    expect(phone.bench.sent.at(-1)?.body.reason).toBe('Janus API');
  });
});
