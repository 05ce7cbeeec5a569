/** Traces of calls: complete, in order, bounded, and kept longer where something failed. */
import { describe, expect, test } from '@jest/globals';
import type { CallRecord } from '../../../../../gateway/call/call-record.ts';
import type { CauseName } from '../../../../../gateway/call/cause-table.ts';
import { CallTraces } from '../../../../../gateway/ops/trace/call-traces.ts';
import type { SipTraceRecord } from '../../../../../gateway/sip/endpoint-contract.ts';

function traces(bytes = 100_000, recordsPerCall = 100): CallTraces {
  return new CallTraces({
    bytes,
    failedBytes: 10_000,
    recordsPerCall,
    formatInstant: (ms) => `T${ms}`,
  });
}

function message(callId: string, summary: string): SipTraceRecord {
  return {
    direction: 'in',
    callId,
    transport: 'udp',
    remoteAddress: '192.0.2.7',
    remotePort: 5060,
    summary,
    bytes: Buffer.from(`${summary} sip:x SIP/2.0\r\nAuthorization: Digest x\r\n\r\n`),
  };
}

function record(call: string, cause: CauseName): CallRecord {
  return {
    call,
    state: 'ended',
    from: 'sip:a@b',
    to: 'sip:c@d',
    startedAt: 0,
    endedAt: 1,
    legs: [],
    cause: { name: cause },
    endedBy: 'caller',
    statistics: {},
  };
}

/** One whole call with a SIP dialog on either side. */
function live(into: CallTraces, call: string, cause: CauseName = 'normal'): void {
  into.sip(message(`${call}-in`, 'INVITE'), undefined, 1);
  const offered = { call, event: 'call.offered', fields: { to: 'x', callId: `${call}-in` } };
  into.fact(offered, 2);
  into.sip({ ...message(`${call}-out`, 'INVITE'), direction: 'out' }, call, 3);
  into.sip(message(`${call}-out`, '200 INVITE'), call, 4);
  into.end(record(call, cause), 5);
  into.sip(message(`${call}-in`, '200 BYE'), undefined, 6);
}

describe('a trace', () => {
  test('has the messages of every dialog of its call, in order, and no other’s', () => {
    const all = traces();
    live(all, 'one');
    live(all, 'two');
    const text = all.text('one')!;
    const headings = text.split('\n').filter((line) => /^(T\d| {24} )/.test(line));
    expect(headings.map((line) => line.replace(/ +/g, ' ').slice(0, 40).trim())).toEqual([
      'T1 sip <- udp 192.0.2.7:5060 INVITE',
      'T2 fact call.offered to=x callId=one-in',
      'fact trace.linked callId=one-out',
      'T3 sip -> udp 192.0.2.7:5060 INVITE',
      'T4 sip <- udp 192.0.2.7:5060 200 INVITE',
      'T5 end call.ended cause=normal by=caller',
      'T6 sip <- udp 192.0.2.7:5060 200 BYE',
    ]);
    expect(text).not.toContain('two');
  });

  test('holds no secrets', () => {
    const all = traces();
    live(all, 'one');
    all.api('one', 'in', { secret: 'abc' }, 7);
    expect(all.text('one')).not.toMatch(/Digest x|abc/);
  });

  test('of a call that nobody knows is none', () => {
    expect(traces().text('never')).toBeUndefined();
  });

  test('of a talkative call is cut, but tells its end', () => {
    const all = traces(100_000, 10);
    all.fact({ call: 'one', event: 'call.offered', fields: {} }, 1);
    for (let n = 0; n < 50; n += 1) all.fact({ call: 'one', event: 'x.y', fields: { n } }, 2);
    all.end(record('one', 'normal'), 3);
    const text = all.text('one')!;
    expect(text).toContain('n=8');
    expect(text).not.toContain('n=9');
    expect(text).toContain('call.ended');
  });
});

describe('traces', () => {
  test('list the calls that ended, the newest first', () => {
    const all = traces();
    live(all, 'one');
    live(all, 'two');
    expect(all.ended().map(({ call }) => call)).toEqual(['two', 'one']);
  });

  test('of failed calls outlive those of calls that went well', () => {
    const all = traces(20_000);
    live(all, 'good');
    live(all, 'bad', 'media-process-lost');
    for (let n = 0; n < 100; n += 1) live(all, `later${n}`);
    expect(all.text('good')).toBeUndefined();
    expect(all.text('bad')).toContain('cause=media-process-lost');
    expect(all.text('bad')).toContain('200 INVITE');
    expect(all.ended().map(({ call }) => call)).toContain('bad');
  });
});
