/** How callees answer and what the caller gets of it. */
import { describe, expect, test } from '@jest/globals';
import {
  answeredCall,
  BROWSER_TARGET,
  CallBench,
  NOTHING_LEFT,
  PHONE_CALLER,
  SIP_TARGET,
} from '../../../support/call/call-bench.ts';
import { payloadTypesOf, phoneSdp, recorded } from '../../../support/call/peer-description.ts';

describe('answering', () => {
  test('answers the browser with the codec of the phone first, so that nothing is transcoded', () => {
    const bench = answeredCall();
    const { sdp } = bench.last('caller', 'answer');
    expect(payloadTypesOf(sdp)[0]).toBe(0);
    expect(sdp).toContain('a=setup:passive');
    expect(sdp).toContain('a=ice-lite');
    expect(bench.machine.calls()[0]).toMatchObject({ state: 'answered' });
  });

  test('passes the refusal of the phone on unchanged', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    const cause = { name: 'busy', sip: { status: 486, reason: 'Busy' } } as const;
    bench.tell(bench.callee(), { type: 'rejected', cause, headers: [] });
    expect(bench.told()).toEqual(['caller reject']);
    expect(bench.last('caller', 'reject').cause).toEqual(cause);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('the browser gets one answer, at the first progress, and no fork changes it', () => {
    const bench = new CallBench();
    bench.call();
    const callee = bench.callee();
    bench.told();
    bench.tell(callee, { type: 'progress', sdp: phoneSdp(), fork: 'a', headers: [] });
    const { sdp } = bench.last('caller', 'progress');
    const second = phoneSdp({ codecs: ['pcma'], port: 40_100 });
    bench.tell(callee, { type: 'progress', sdp: second, fork: 'b', headers: [] });
    bench.tell(callee, { type: 'answered', sdp: second, fork: 'b', headers: [] });
    expect(bench.told()).toEqual(['caller progress', 'caller answer']);
    expect(bench.last('caller', 'answer').sdp).toBe(sdp);
    const { configuration } = bench.media.legs.get(callee)!;
    expect(configuration?.remote.rtpPort).toBe(40_100);
    expect(configuration?.media[0]?.send[0]?.name).toBe('pcma');
  });

  test('a 180 after early media keeps the media', () => {
    const bench = new CallBench();
    bench.call();
    bench.tell(bench.callee(), { type: 'progress', sdp: phoneSdp(), fork: 'a', headers: [] });
    bench.told();
    bench.tell(bench.callee(), { type: 'ringing', headers: [] });
    expect(bench.told()).toEqual([]);
    expect(bench.machine.calls()[0]?.state).toBe('early');
  });

  test('an answer without a description uses the one its fork gave before', () => {
    const bench = new CallBench();
    bench.call();
    bench.tell(bench.callee(), { type: 'progress', sdp: phoneSdp(), fork: 'a', headers: [] });
    bench.tell(bench.callee(), { type: 'answered', fork: 'a', headers: [] });
    expect(bench.machine.calls()[0]?.state).toBe('answered');
  });

  test('an answer that cannot be used ends the call on both sides', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.tell(bench.callee(), { type: 'answered', sdp: 'v=0', fork: 'a', headers: [] });
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
      headers: [],
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
    bench.tell(bench.callee(0), { type: 'rejected', cause: busy, headers: [] });
    bench.tell(bench.callee(1), { type: 'rejected', cause: failed, headers: [] });
    expect(bench.last('caller', 'reject').cause).toEqual(busy);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
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
});
