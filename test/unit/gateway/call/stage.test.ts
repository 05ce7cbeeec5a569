/** What the rules of a call say, and when they keep silent. */
import { describe, expect, test } from '@jest/globals';
import type { B2buaOutput } from '../../../../gateway/call/b2bua-contract.ts';
import type { Call } from '../../../../gateway/call/call.ts';
import { move, note, type Stage, tellLeg, tellMedia } from '../../../../gateway/call/stage.ts';
import { answeredCall, LIMITS } from '../../../support/call/call-bench.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

function staged(): { readonly stage: Stage; readonly call: Call; readonly said: B2buaOutput[] } {
  const said: B2buaOutput[] = [];
  const [call] = answeredCall().machine.snapshot().calls;
  const stage: Stage = {
    now: 0,
    random: new SeededRandom(1),
    options: {
      limits: LIMITS,
      applications: {},
      route: () => ({ type: 'reject', status: 404, reason: '', rule: '' }),
    },
    processes: new Map([['media-1', 1]]),
    admitting: 'yes',
    emit: (output) => said.push(output),
  };
  return { stage, call: call!, said };
}

describe('the stage', () => {
  test('numbers media commands, and remembers those whose reply is waited for', () => {
    const { stage, call, said } = staged();
    const before = call.commands;
    tellMedia(stage, call, { op: 'heartbeat' });
    tellMedia(stage, call, { op: 'close-leg', leg: 'a' }, { op: 'close-leg', leg: 'a' });
    const ids = [`${call.id}.${before + 1}`, `${call.id}.${before + 2}`];
    expect(said).toMatchObject([{ id: ids[0] }, { id: ids[1] }]);
    expect(call.pending[ids[0]!]).toBeUndefined();
    expect(call.pending[ids[1]!]).toEqual({ op: 'close-leg', leg: 'a' });
  });

  test('says nothing to a media process that is gone', () => {
    const { stage, call, said } = staged();
    tellMedia({ ...stage, processes: new Map() }, call, { op: 'heartbeat' });
    expect(said).toEqual([]);
  });

  test('addresses a leg by its signalling', () => {
    const { stage, call, said } = staged();
    tellLeg(stage, call.caller, { type: 'ring', headers: [] });
    expect(said).toMatchObject([{ type: 'leg-command', signalling: 'janus', leg: 'caller' }]);
  });

  test('moves a call only where its table lets it, and notes it', () => {
    const { stage, call, said } = staged();
    expect(move(stage, call, 'rang')).toBe(false);
    expect(said).toEqual([]);
    expect(move(stage, call, 'ending')).toBe(true);
    expect(said).toMatchObject([{ fact: { event: 'call.state', fields: { to: 'ending' } } }]);
  });

  test('notes facts of a call and of a leg', () => {
    const { stage, call, said } = staged();
    note(stage, call, 'call.tested');
    note(stage, call, 'leg.tested', { by: 'us' }, call.caller);
    expect(said).toEqual([
      { type: 'fact', fact: { call: call.id, event: 'call.tested', fields: {} } },
      {
        type: 'fact',
        fact: { call: call.id, leg: 'caller', event: 'leg.tested', fields: { by: 'us' } },
      },
    ]);
  });
});
