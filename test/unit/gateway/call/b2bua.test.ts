/** The back-to-back user agent, call by call: who is told what, and what media is told. */
import { describe, expect, test } from '@jest/globals';
import {
  BROWSER_TARGET,
  CallBench,
  NOTHING_LEFT,
  PHONE_CALLER,
  SIP_TARGET,
} from '../../../support/call/call-bench.ts';
import {
  directionOf,
  payloadTypesOf,
  phoneSdp,
  recorded,
} from '../../../support/call/peer-description.ts';

const NO_HEADERS = { headers: [] };

/** A browser's call to a phone, answered. */
function answered(bench = new CallBench()): CallBench {
  bench.call();
  bench.tell(bench.callee(), { type: 'answered', sdp: phoneSdp(), fork: 'a', ...NO_HEADERS });
  bench.told();
  return bench;
}

describe('a call from a browser to a SIP phone', () => {
  test('invites the phone only after its media is open, and rings once', () => {
    const bench = new CallBench();
    bench.mediaAnswers = false;
    bench.call();
    expect(bench.told()).toEqual([]);
    bench.answerMedia();
    expect(bench.told()).toEqual(['callee0 invite']);
    bench.tell(bench.callee(), { type: 'ringing', ...NO_HEADERS });
    bench.tell(bench.callee(), { type: 'ringing', ...NO_HEADERS });
    expect(bench.told()).toEqual(['caller ring']);
  });

  test('offers the codecs of the browser first, in its order, over plain RTP', () => {
    const bench = new CallBench();
    bench.call();
    const { offer } = bench.last(bench.callee(), 'invite');
    expect(payloadTypesOf(offer)).toEqual([111, 0, 8, 101, 110]);
    expect(offer).toContain(' RTP/AVP ');
    expect(offer).not.toMatch(/ice-|fingerprint|crypto|group:BUNDLE/);
  });

  test('answers the browser with the codec of the phone first, so that nothing is transcoded', () => {
    const bench = answered();
    const { sdp } = bench.last('caller', 'answer');
    expect(payloadTypesOf(sdp)[0]).toBe(0);
    expect(sdp).toContain('a=setup:passive');
    expect(sdp).toContain('a=ice-lite');
    expect(bench.machine.calls()[0]).toMatchObject({ state: 'answered' });
  });

  test('bridges the legs when the phone answers', () => {
    const bench = answered();
    expect(bench.media.hears('caller')).toBe(bench.callee());
    expect(bench.media.hears(bench.callee())).toBe('caller');
    const { configuration } = bench.media.legs.get(bench.callee())!;
    expect(configuration?.remote).toMatchObject({ address: '127.0.0.1', rtpPort: 40_000 });
  });

  test('ends for both when either hangs up, and leaves nothing', () => {
    for (const [who, other] of [
      ['caller', 'callee0'],
      ['callee', 'caller'],
    ] as const) {
      const bench = answered();
      const leg = who === 'caller' ? 'caller' : bench.callee();
      bench.tell(leg, { type: 'ended', cause: { name: 'normal' }, ...NO_HEADERS });
      expect(bench.told()).toEqual([`${other} hangup`]);
      expect(bench.records()).toMatchObject([{ cause: { name: 'normal' }, endedBy: who }]);
      expect(bench.remains()).toEqual(NOTHING_LEFT);
    }
  });

  test('is cancelled towards the phone when the browser gives up', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.tell('caller', { type: 'cancelled', cause: { name: 'cancelled' } });
    expect(bench.told()).toEqual(['callee0 cancel']);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('passes the refusal of the phone on unchanged', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    const cause = { name: 'busy', sip: { status: 486, reason: 'Busy' } } as const;
    bench.tell(bench.callee(), { type: 'rejected', cause, ...NO_HEADERS });
    expect(bench.told()).toEqual(['caller reject']);
    expect(bench.last('caller', 'reject').cause).toEqual(cause);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('is given up when nobody answers in time', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.pass(59_999);
    expect(bench.told()).toEqual([]);
    bench.pass(1);
    expect(bench.told()).toEqual(['caller reject', 'callee0 cancel']);
    expect(bench.last('caller', 'reject').cause.name).toBe('no-answer');
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('is refused when no media process can take it, and when the gateway is stopping or full', () => {
    const bench = new CallBench();
    bench.give({ type: 'media-down', process: 'media-1' });
    bench.call();
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    bench.give({ type: 'stop', cause: { name: 'shutdown' } });
    bench.call({ leg: 'late' });
    expect(bench.last('late', 'reject').cause.name).toBe('shutdown');
    const full = new CallBench();
    for (let i = 0; i < 101; i += 1) full.call({ leg: `leg${i}` });
    expect(full.last('leg100', 'reject').cause.name).toBe('congestion');
  });

  test('is refused with the status of the rule that matched', () => {
    const bench = new CallBench();
    bench.decision = { type: 'reject', status: 603, reason: 'Decline', rule: 'test' };
    bench.call();
    expect(bench.last('caller', 'reject').cause).toMatchObject({ sip: { status: 603 } });
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('is refused when the offer cannot be read or holds no audio', () => {
    const bench = new CallBench();
    bench.call({ offer: 'nonsense' });
    expect(bench.last('caller', 'reject').cause.name).toBe('bad-description');
    bench.call({ leg: 'video', offer: phoneSdp().replace('m=audio', 'm=video') });
    expect(bench.last('video', 'reject').cause.name).toBe('not-acceptable');
  });
});

describe('early media and forks', () => {
  test('the browser gets one answer, at the first progress, and no fork changes it', () => {
    const bench = new CallBench();
    bench.call();
    const callee = bench.callee();
    bench.told();
    bench.tell(callee, { type: 'progress', sdp: phoneSdp(), fork: 'a', ...NO_HEADERS });
    const { sdp } = bench.last('caller', 'progress');
    const second = phoneSdp({ codecs: ['pcma'], port: 40_100 });
    bench.tell(callee, { type: 'progress', sdp: second, fork: 'b', ...NO_HEADERS });
    bench.tell(callee, { type: 'answered', sdp: second, fork: 'b', ...NO_HEADERS });
    expect(bench.told()).toEqual(['caller progress', 'caller answer']);
    expect(bench.last('caller', 'answer').sdp).toBe(sdp);
    const { configuration } = bench.media.legs.get(callee)!;
    expect(configuration?.remote.rtpPort).toBe(40_100);
    expect(configuration?.media[0]?.send[0]?.name).toBe('pcma');
  });

  test('a 180 after early media keeps the media', () => {
    const bench = new CallBench();
    bench.call();
    bench.tell(bench.callee(), { type: 'progress', sdp: phoneSdp(), fork: 'a', ...NO_HEADERS });
    bench.told();
    bench.tell(bench.callee(), { type: 'ringing', ...NO_HEADERS });
    expect(bench.told()).toEqual([]);
    expect(bench.machine.calls()[0]?.state).toBe('early');
  });

  test('an answer without a description uses the one its fork gave before', () => {
    const bench = new CallBench();
    bench.call();
    bench.tell(bench.callee(), { type: 'progress', sdp: phoneSdp(), fork: 'a', ...NO_HEADERS });
    bench.tell(bench.callee(), { type: 'answered', fork: 'a', ...NO_HEADERS });
    expect(bench.machine.calls()[0]?.state).toBe('answered');
  });

  test('an answer that cannot be used ends the call on both sides', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.tell(bench.callee(), { type: 'answered', sdp: 'v=0', fork: 'a', ...NO_HEADERS });
    expect(bench.told()).toEqual(['caller reject', 'callee0 hangup']);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('of several targets the first to answer wins, and the others hear that', () => {
    const bench = new CallBench();
    bench.decision = { type: 'call', targets: [SIP_TARGET, BROWSER_TARGET], rule: 'test' };
    bench.call();
    bench.told();
    const browser = bench.callee(1);
    bench.tell(browser, {
      type: 'answered',
      sdp: recorded('chromium-audio-answer'),
      fork: '',
      ...NO_HEADERS,
    });
    expect(bench.told()).toEqual(['callee0 cancel', 'caller answer']);
    expect(bench.last(bench.callee(0), 'cancel').cause.name).toBe('answered-elsewhere');
    expect([...bench.media.legs.keys()].sort()).toEqual(['caller', browser].sort());
  });

  test('when all targets refuse, the best refusal is passed on', () => {
    const bench = new CallBench();
    bench.decision = { type: 'call', targets: [SIP_TARGET, SIP_TARGET], rule: 'test' };
    bench.call();
    const busy = { name: 'busy', sip: { status: 486, reason: 'Busy' } } as const;
    const failed = { name: 'peer-failed', sip: { status: 500, reason: 'No' } } as const;
    bench.tell(bench.callee(0), { type: 'rejected', cause: busy, ...NO_HEADERS });
    bench.tell(bench.callee(1), { type: 'rejected', cause: failed, ...NO_HEADERS });
    expect(bench.last('caller', 'reject').cause).toEqual(busy);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });
});

describe('encryption of the far leg', () => {
  const key = Buffer.alloc(30, 7).toString('base64');

  test('is plain RTP unless policy or the caller demands more', () => {
    const bench = new CallBench();
    bench.call({ farKeying: 'sdes-mandatory' });
    const { offer } = bench.last(bench.callee(), 'invite');
    expect(offer).toContain(' RTP/SAVP ');
    bench.tell(bench.callee(), {
      type: 'answered',
      sdp: phoneSdp({ key }),
      fork: 'a',
      ...NO_HEADERS,
    });
    const { configuration } = bench.media.legs.get(bench.callee())!;
    expect(configuration?.remote.sdes?.remote.keyHex).toBe('07'.repeat(16));
    expect(bench.machine.calls()[0]?.legs[1]).toMatchObject({ keyExposed: true });
  });

  test('falls back to plain RTP where it was only preferred and is refused', () => {
    const bench = new CallBench();
    bench.call({ farKeying: 'sdes-optional' });
    bench.told();
    const cause = { name: 'not-acceptable', sip: { status: 488, reason: 'No' } } as const;
    bench.tell(bench.callee(), { type: 'rejected', cause, ...NO_HEADERS });
    expect(bench.told()).toEqual(['callee1 invite']);
    expect(bench.last(bench.callee(1), 'invite').offer).toContain(' RTP/AVP ');
  });

  test('never falls back where it is demanded', () => {
    const bench = new CallBench();
    bench.call({ farKeying: 'sdes-mandatory' });
    bench.told();
    const cause = { name: 'not-acceptable', sip: { status: 488, reason: 'No' } } as const;
    bench.tell(bench.callee(), { type: 'rejected', cause, ...NO_HEADERS });
    expect(bench.told()).toEqual(['caller reject']);
  });
});

describe('a call from a phone to a browser', () => {
  test('offers WebRTC with the codec of the phone first and answers the phone in kind', () => {
    const bench = new CallBench();
    bench.decision = { type: 'call', targets: [BROWSER_TARGET], rule: 'test' };
    bench.call({ ...PHONE_CALLER, offer: phoneSdp({ codecs: ['pcma', 'pcmu'] }) });
    const { offer } = bench.last(bench.callee(), 'invite');
    expect(payloadTypesOf(offer).slice(0, 3)).toEqual([8, 0, 111]);
    expect(offer).toContain('a=setup:actpass');
    bench.tell(bench.callee(), {
      type: 'answered',
      sdp: recorded('chromium-audio-answer'),
      fork: '',
      ...NO_HEADERS,
    });
    const { sdp } = bench.last('caller', 'answer');
    expect(sdp).toContain(' RTP/AVP ');
    expect(sdp).not.toMatch(/ice|fingerprint/);
  });

  test('with a late offer gets ours in the answer, and its own with the confirmation', () => {
    const bench = new CallBench();
    bench.decision = { type: 'application', application: 'echo', rule: 'test' };
    bench.call({ ...PHONE_CALLER, offer: undefined });
    const { sdp } = bench.last('caller', 'answer');
    expect(payloadTypesOf(sdp)).toContain(0);
    bench.tell('caller', { type: 'confirmed', sdp: phoneSdp({ codecs: ['pcma'] }) });
    const { configuration } = bench.media.legs.get('caller')!;
    expect(configuration?.media[0]?.send[0]?.name).toBe('pcma');
  });

  test('with a late offer and no answer to it is hung up', () => {
    const bench = new CallBench();
    bench.decision = { type: 'application', application: 'echo', rule: 'test' };
    bench.call({ ...PHONE_CALLER, offer: undefined });
    bench.told();
    bench.tell('caller', { type: 'confirmed' });
    expect(bench.told()).toEqual(['caller hangup']);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });
});

describe('the echo', () => {
  test('answers at once with the order of the browser, and echoes', () => {
    const bench = new CallBench();
    bench.call({ application: 'echo' });
    expect(bench.told()).toEqual(['caller answer']);
    expect(bench.media.hears('caller')).toBe('echo');
    expect(payloadTypesOf(bench.last('caller', 'answer').sdp)[0]).toBe(111);
    bench.tell('caller', { type: 'ended', cause: { name: 'normal' }, ...NO_HEADERS });
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });
});

describe('holding', () => {
  test('a hold from the browser is offered to the phone and resumed again', () => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell('caller', { type: 'hold', direction: 'sendonly' });
    expect(directionOf(bench.last(callee, 'reoffer').sdp)).toBe('sendonly');
    bench.tell(callee, { type: 'reanswered', sdp: phoneSdp({ direction: 'recvonly' }) });
    expect(bench.media.legs.get(callee)?.configuration?.media[0]?.direction).toBe('sendonly');
    bench.tell('caller', { type: 'resume' });
    expect(directionOf(bench.last(callee, 'reoffer').sdp)).toBe('sendrecv');
    expect(bench.told()).toEqual(['callee0 reoffer', 'callee0 reoffer']);
  });

  test('a second hold while the first is under way waits for its answer', () => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell('caller', { type: 'hold', direction: 'sendonly' });
    bench.tell('caller', { type: 'resume' });
    expect(bench.told()).toEqual(['callee0 reoffer']);
    bench.tell(callee, { type: 'reanswered', sdp: phoneSdp({ direction: 'recvonly' }) });
    expect(bench.told()).toEqual(['callee0 reoffer']);
    expect(directionOf(bench.last(callee, 'reoffer').sdp)).toBe('sendrecv');
  });

  test('an offer that met a glare is made again when the back-off is over', () => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell('caller', { type: 'hold', direction: 'inactive' });
    const cause = { name: 'request-pending' } as const;
    bench.tell(callee, { type: 'reoffer-rejected', cause, retryAfterMs: 700 });
    bench.told();
    bench.pass(699);
    expect(bench.told()).toEqual([]);
    bench.pass(1);
    expect(bench.told()).toEqual(['callee0 reoffer']);
  });

  test.each([
    ['sendonly', 'recvonly'],
    ['inactive', 'inactive'],
    ['recvonly', 'sendonly'],
    ['sendrecv', 'sendrecv'],
  ] as const)('a phone that offers %s is answered %s, and media told', (offered, answer) => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: offered, version: 2 }) });
    expect(bench.told()).toEqual(['callee0 reanswer']);
    expect(directionOf(bench.last(callee, 'reanswer').sdp) ?? 'sendrecv').toBe(answer);
    expect(bench.media.legs.get(callee)?.configuration?.media[0]?.direction).toBe(answer);
  });

  test('a re-INVITE without an offer gets all that we can do', () => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: 'inactive', version: 2 }) });
    bench.tell(callee, { type: 'reoffered' });
    expect(directionOf(bench.last(callee, 'reanswer').sdp) ?? 'sendrecv').toBe('sendrecv');
    bench.tell(callee, { type: 'confirmed', sdp: phoneSdp({ version: 3 }) });
    expect(bench.media.legs.get(callee)?.configuration?.media[0]?.direction).toBe('sendrecv');
  });

  test('an offer that crosses ours is refused as pending', () => {
    const bench = answered();
    bench.tell('caller', { type: 'hold', direction: 'sendonly' });
    bench.told();
    bench.tell(bench.callee(), { type: 'reoffered', sdp: phoneSdp({ version: 2 }) });
    expect(bench.told()).toEqual(['callee0 reject-reoffer']);
  });

  test('a browser that restarts ICE gets new credentials of ours', () => {
    const bench = answered();
    const before = bench.last('caller', 'answer').sdp;
    bench.tell('caller', { type: 'reoffered', sdp: recorded('chromium-ice-restart-offer') });
    const after = bench.last('caller', 'reanswer').sdp;
    const ufrag = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];
    expect(ufrag(after)).toBeDefined();
    expect(ufrag(after)).not.toBe(ufrag(before));
  });
});

describe('media', () => {
  test('tells the browser that it is connected and receives', () => {
    const bench = answered();
    bench.mediaEvent({ type: 'leg-connected', leg: 'caller' });
    bench.mediaEvent({ type: 'leg-connected', leg: bench.callee() });
    expect(bench.told()).toEqual(['caller media']);
  });

  test.each([
    ['ice-failed', 'ice-failed'],
    ['dtls-failed', 'dtls-failed'],
    ['dtls-timeout', 'dtls-timeout'],
    ['fingerprint-mismatch', 'fingerprint-mismatch'],
    ['internal-error', 'media-failed'],
  ] as const)('that fails with %s ends the call as %s', (failure, name) => {
    const bench = answered();
    bench.mediaEvent({ type: 'leg-failed', leg: 'caller', failure, detail: 'test' });
    expect(bench.told()).toEqual(['caller hangup', 'callee0 hangup']);
    expect(bench.records()).toMatchObject([{ cause: { name } }]);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('that a browser closes ends the call', () => {
    const bench = answered();
    bench.mediaEvent({ type: 'leg-closed-by-peer', leg: 'caller' });
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-closed' } }]);
  });

  test('that stops ends the call, unless the leg is on hold', () => {
    const bench = answered();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: 'inactive', version: 2 }) });
    bench.mediaEvent({ type: 'leg-timed-out', leg: callee });
    expect(bench.records()).toEqual([]);
    bench.mediaEvent({ type: 'leg-timed-out', leg: 'caller' });
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-timeout' } }]);
  });

  test('whose process dies ends its calls at once, with that cause', () => {
    const bench = answered();
    bench.give({ type: 'media-down', process: 'media-1' });
    expect(bench.told()).toEqual(['caller hangup', 'callee0 hangup']);
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-process-lost' } }]);
    expect(bench.machine.counts()).toEqual({ calls: 0, legs: 0, timers: 0, commands: 0 });
  });

  test('that cannot be opened refuses the call', () => {
    const bench = new CallBench();
    bench.media.faults['open-leg'] = 'rtp.ports-exhausted';
    bench.call();
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('that does not answer in time refuses the call, and a late reply closes its leg', () => {
    const bench = new CallBench();
    bench.mediaAnswers = false;
    bench.call();
    bench.pass(5_000);
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    bench.pass(2_000);
    expect(bench.machine.counts()).toEqual({ calls: 0, legs: 0, timers: 0, commands: 0 });
    bench.answerMedia();
    bench.answerMedia();
    expect(bench.media.legs.size).toBe(0);
  });
});

describe('digits', () => {
  test('in signalling go on in signalling', () => {
    const bench = answered();
    bench.tell('caller', { type: 'dtmf', digit: '5', durationMs: 100 });
    bench.tell(bench.callee(), { type: 'dtmf', digit: '6', durationMs: 100 });
    expect(bench.told()).toEqual(['callee0 dtmf', 'caller dtmf']);
  });
});

describe('recovery', () => {
  test('is left with media when the call is answered and whenever a dialog changes', () => {
    const bench = answered();
    const left = () => bench.outputs.filter(({ type }) => type === 'recovery').length;
    expect(left()).toBe(1);
    bench.tell(bench.callee(), { type: 'reoffered', sdp: phoneSdp({ version: 2 }) });
    expect(left()).toBe(2);
  });
});
