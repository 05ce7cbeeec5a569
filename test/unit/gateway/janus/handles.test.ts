import { describe, expect, test } from '@jest/globals';
import type { JanusOutput } from '../../../../gateway/janus/contract.ts';
import { HandleTable } from '../../../../gateway/janus/handles.ts';
import type { JsonObject } from '../../../../gateway/janus/json.ts';
import { echoTest } from '../../../../gateway/janus/plugins/echotest.ts';
import { countingRandom } from './face-bench.ts';

const PEER = { address: '192.0.2.1', loopback: false, secure: true };
const OFFER = { type: 'offer', sdp: 'v=0' } as const;

function table() {
  const outputs: JanusOutput[] = [];
  const delivered: { readonly session: number; readonly event: JsonObject }[] = [];
  const handles = new HandleTable({
    mediaInterface: 'outside',
    random: countingRandom(),
    output: (output) => outputs.push(output),
    deliver: (session, event) => delivered.push({ session, event }),
  });
  return { handles, outputs, delivered };
}

describe('the table of handles', () => {
  test('keeps the handles of sessions apart', () => {
    const { handles } = table();
    const one = handles.open(1, echoTest);
    handles.open(2, echoTest);
    expect(handles.ofSession(1)).toEqual([one]);
    expect(handles.get(one.id)).toBe(one);
    expect(handles.size).toBe(2);
  });

  test('gives a leg what is known of its client', () => {
    const { handles, outputs } = table();
    const { machine } = handles.open(1, echoTest);
    machine.message({ transaction: 't', body: {}, jsep: OFFER, peer: PEER });
    expect(outputs[0]).toMatchObject({
      type: 'incoming-leg',
      leg: {
        signalling: 'janus',
        transport: { ice: true, keying: 'dtls', rtcp: 'mux' },
        interface: 'outside',
        local: false,
        secure: true,
        signallingAddress: '192.0.2.1',
      },
    });
    expect(outputs[0]).not.toHaveProperty('leg.peer');
  });

  test('forgets the questions of a handle that is closed', () => {
    const { handles, outputs, delivered } = table();
    const handle = handles.open(1, echoTest);
    handle.machine.message({ transaction: 't', body: {}, jsep: OFFER, peer: PEER });
    handle.machine.message({ transaction: 'q', body: { request: 'call_status' }, peer: PEER });
    const question = outputs.find((output) => output.type === 'inspect');
    handles.close(handle, 'detached');
    handles.callFacts(question?.type === 'inspect' ? question.request : 0, {});
    expect(delivered).toEqual([]);
    expect(handles.legs).toBe(0);
  });

  test('traces what a handle with a call says and hears', () => {
    const { handles, outputs } = table();
    const handle = handles.open(1, echoTest);
    handles.trace(handle, 'in', { janus: 'message' });
    expect(outputs).toEqual([]);
    handle.machine.message({ transaction: 't', body: {}, jsep: OFFER, peer: PEER });
    handles.trace(handle, 'in', { janus: 'message' });
    expect(outputs.at(-1)).toEqual({
      type: 'trace',
      leg: handle.machine.leg,
      direction: 'in',
      message: { janus: 'message' },
    });
  });

  test('a command for a leg that nobody has is dropped', () => {
    const { handles, outputs, delivered } = table();
    handles.command('gone', { type: 'ring', headers: [] });
    expect([outputs, delivered]).toEqual([[], []]);
  });
});
