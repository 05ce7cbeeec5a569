/** What each callee is offered: codecs in the caller's order, encrypted as policy wants. */
import { describe, expect, test } from '@jest/globals';
import { BROWSER_TARGET, CallBench, PHONE_CALLER } from '../../../support/call/call-bench.ts';
import { payloadTypesOf, phoneSdp, recorded } from '../../../support/call/peer-description.ts';

describe('a branch', () => {
  test('offers the codecs of the browser first, in its order, over plain RTP', () => {
    const bench = new CallBench();
    bench.call();
    const { offer } = bench.last(bench.callee(), 'invite');
    expect(payloadTypesOf(offer)).toEqual([111, 0, 8, 101, 110]);
    expect(offer).toContain(' RTP/AVP ');
    expect(offer).not.toMatch(/ice-|fingerprint|crypto|group:BUNDLE/);
  });

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
      headers: [],
    });
    const { sdp } = bench.last('caller', 'answer');
    expect(sdp).toContain(' RTP/AVP ');
    expect(sdp).not.toMatch(/ice|fingerprint/);
  });

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
      headers: [],
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
    bench.tell(bench.callee(), { type: 'rejected', cause, headers: [] });
    expect(bench.told()).toEqual(['callee1 invite']);
    expect(bench.last(bench.callee(1), 'invite').offer).toContain(' RTP/AVP ');
  });

  test('never falls back where it is demanded', () => {
    const bench = new CallBench();
    bench.call({ farKeying: 'sdes-mandatory' });
    bench.told();
    const cause = { name: 'not-acceptable', sip: { status: 488, reason: 'No' } } as const;
    bench.tell(bench.callee(), { type: 'rejected', cause, headers: [] });
    expect(bench.told()).toEqual(['caller reject']);
  });
});
