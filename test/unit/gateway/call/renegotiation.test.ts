/** Offers within a call: hold, resume, glare, late offers, ICE restarts. */
import { describe, expect, test } from '@jest/globals';
import {
  answeredCall,
  CallBench,
  NOTHING_LEFT,
  PHONE_CALLER,
} from '../../../support/call/call-bench.ts';
import { directionOf, phoneSdp, recorded } from '../../../support/call/peer-description.ts';

describe('an offer within a call', () => {
  test('a hold from the browser is offered to the phone and resumed again', () => {
    const bench = answeredCall();
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
    const bench = answeredCall();
    const callee = bench.callee();
    bench.tell('caller', { type: 'hold', direction: 'sendonly' });
    bench.tell('caller', { type: 'resume' });
    expect(bench.told()).toEqual(['callee0 reoffer']);
    bench.tell(callee, { type: 'reanswered', sdp: phoneSdp({ direction: 'recvonly' }) });
    expect(bench.told()).toEqual(['callee0 reoffer']);
    expect(directionOf(bench.last(callee, 'reoffer').sdp)).toBe('sendrecv');
  });

  test('an offer that met a glare is made again when the back-off is over', () => {
    const bench = answeredCall();
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
    const bench = answeredCall();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: offered, version: 2 }) });
    expect(bench.told()).toEqual(['callee0 reanswer']);
    expect(directionOf(bench.last(callee, 'reanswer').sdp) ?? 'sendrecv').toBe(answer);
    expect(bench.media.legs.get(callee)?.configuration?.media[0]?.direction).toBe(answer);
  });

  test('a re-INVITE without an offer gets all that we can do', () => {
    const bench = answeredCall();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: 'inactive', version: 2 }) });
    bench.tell(callee, { type: 'reoffered' });
    expect(directionOf(bench.last(callee, 'reanswer').sdp) ?? 'sendrecv').toBe('sendrecv');
    bench.tell(callee, { type: 'confirmed', sdp: phoneSdp({ version: 3 }) });
    expect(bench.media.legs.get(callee)?.configuration?.media[0]?.direction).toBe('sendrecv');
  });

  test('an offer that crosses ours is refused as pending', () => {
    const bench = answeredCall();
    bench.tell('caller', { type: 'hold', direction: 'sendonly' });
    bench.told();
    bench.tell(bench.callee(), { type: 'reoffered', sdp: phoneSdp({ version: 2 }) });
    expect(bench.told()).toEqual(['callee0 reject-reoffer']);
  });

  test('a browser that restarts ICE gets new credentials of ours', () => {
    const bench = answeredCall();
    const before = bench.last('caller', 'answer').sdp;
    bench.tell('caller', { type: 'reoffered', sdp: recorded('chromium-ice-restart-offer') });
    const after = bench.last('caller', 'reanswer').sdp;
    const ufrag = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];
    expect(ufrag(after)).toBeDefined();
    expect(ufrag(after)).not.toBe(ufrag(before));
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
