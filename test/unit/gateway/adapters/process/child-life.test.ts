/** The life of a supervised process, on a simulated clock. */
import { describe, expect, test } from '@jest/globals';
import {
  type ChildInput,
  ChildLife,
  type ChildOutput,
  FIRST_RESTART_MS,
  HUNG_AFTER_MS,
  LAST_RESTART_MS,
  LONG_LIFE_MS,
  STARTUP_MS,
  STOP_GRACE_MS,
} from '../../../../../gateway/adapters/process/child-life.ts';

/** Feeds steps at their times and gives back all outputs; a step without input is time itself. */
function live(
  steps: readonly (readonly [now: number, input?: ChildInput])[],
  life = new ChildLife(),
) {
  const outputs: ChildOutput[] = [];
  for (const [now, input] of steps) {
    if (input === undefined) life.handleTimeout(now);
    else life.handle(input, now);
    for (let output = life.poll(); output !== undefined; output = life.poll()) outputs.push(output);
  }
  return { life, outputs };
}

const start: ChildInput = { type: 'start' };
const heard: ChildInput = { type: 'heard' };
const ready: ChildInput = { type: 'ready' };
const stop: ChildInput = { type: 'stop' };
const crashed: ChildInput = { type: 'exited', code: 1 };
const refused: ChildInput = { type: 'exited', code: 78 };

describe('the life of a supervised process', () => {
  test('it is spawned once, however often it is started', () => {
    expect(
      live([
        [0, start],
        [1, start],
      ]).outputs,
    ).toEqual([{ type: 'spawn' }]);
  });

  test('a process that ends is spawned again after the first back-off', () => {
    const { life, outputs } = live([
      [0, start],
      [50, crashed],
    ]);
    expect(outputs[1]).toEqual({
      type: 'ended',
      reason: 'exit code 1',
      restartInMs: FIRST_RESTART_MS,
    });
    expect(life.deadline()).toBe(50 + FIRST_RESTART_MS);
    expect(live([[50 + FIRST_RESTART_MS - 1]], life).outputs).toEqual([]);
    expect(live([[50 + FIRST_RESTART_MS]], life).outputs).toEqual([{ type: 'spawn' }]);
  });

  test('the back-off doubles after every short life, up to its limit', () => {
    const life = new ChildLife();
    live([[0, start]], life);
    const waits: number[] = [];
    for (let now = 0; waits.length < 10; ) {
      const ended = live([[now, crashed]], life).outputs[0];
      if (ended?.type === 'ended') waits.push(ended.restartInMs);
      now = life.deadline() ?? Number.NaN;
      live([[now]], life);
    }
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(waits.at(-1)).toBe(LAST_RESTART_MS);
  });

  test('after a long life the back-off starts over', () => {
    const { life } = live([[0, start], [1, crashed], [101], [102, crashed], [302]]);
    const { outputs } = live([[302 + LONG_LIFE_MS, crashed]], life);
    expect(outputs[0]).toMatchObject({ type: 'ended', restartInMs: FIRST_RESTART_MS });
  });

  test('a process that never says a word is killed after its start-up time', () => {
    const { life } = live([[0, start]]);
    expect(life.deadline()).toBe(STARTUP_MS);
    expect(live([[STARTUP_MS]], life).outputs).toEqual([{ type: 'kill', reason: 'hung' }]);
  });

  test('a process that falls silent is killed, and spawned again once its exit is seen', () => {
    const { life, outputs } = live([[0, start], [10, heard], [500, heard], [500 + HUNG_AFTER_MS]]);
    expect(outputs.at(-1)).toEqual({ type: 'kill', reason: 'hung' });
    expect(life.deadline()).toBeUndefined();
    const { outputs: after } = live(
      [[4_000, { type: 'exited', code: undefined, signal: 'SIGKILL' }]],
      life,
    );
    expect(after).toEqual([{ type: 'ended', reason: 'SIGKILL', restartInMs: FIRST_RESTART_MS }]);
  });

  test('one word just in time keeps it alive', () => {
    const { outputs } = live([
      [0, start],
      [10, heard],
      [9 + HUNG_AFTER_MS, heard],
      [10 + HUNG_AFTER_MS],
    ]);
    expect(outputs).toEqual([{ type: 'spawn' }]);
  });

  test('stopping asks first, and kills who takes too long', () => {
    const { life, outputs } = live([
      [0, start],
      [5, ready],
      [10, stop],
      [11, stop],
    ]);
    expect(outputs.slice(1)).toEqual([{ type: 'terminate' }]);
    expect(live([[10 + STOP_GRACE_MS]], life).outputs).toEqual([
      { type: 'kill', reason: 'stop-took-too-long' },
    ]);
    expect(live([[10 + STOP_GRACE_MS + 1, crashed]], life).outputs).toEqual([{ type: 'stopped' }]);
    expect(life.deadline()).toBeUndefined();
  });

  test('a process stopped while it waits for its restart is never spawned again', () => {
    const { life, outputs } = live([[0, start], [1, crashed], [2, stop], [5_000]]);
    expect(outputs.at(-1)).toEqual({ type: 'stopped' });
    expect(life.deadline()).toBeUndefined();
  });

  test('a hung process that is being killed and stopped at once is not restarted', () => {
    const { outputs } = live([
      [0, start],
      [STARTUP_MS],
      [STARTUP_MS, stop],
      [STARTUP_MS + 1, crashed],
    ]);
    expect(outputs.slice(1)).toEqual([{ type: 'kill', reason: 'hung' }, { type: 'stopped' }]);
  });

  test('a process that refuses its configuration before it was ever ready is given up', () => {
    const { life, outputs } = live([
      [0, start],
      [10, heard],
      [20, refused],
    ]);
    expect(outputs.slice(1)).toEqual([{ type: 'gave-up' }]);
    expect(life.deadline()).toBeUndefined();
  });

  test('one that was ready once is restarted even then', () => {
    const { outputs } = live([
      [0, start],
      [10, ready],
      [20, refused],
    ]);
    expect(outputs[1]).toMatchObject({ type: 'ended' });
  });

  test('its snapshot goes on as if nothing had happened', () => {
    const steps: [number, ChildInput?][] = [
      [0, start],
      [10, ready],
      [600, heard],
      [600 + HUNG_AFTER_MS],
      [4_000, crashed],
      [4_100],
      [4_200, crashed],
      [4_300, stop],
    ];
    const whole = live(steps).outputs;
    for (let cut = 0; cut <= steps.length; cut += 1) {
      const before = live(steps.slice(0, cut));
      const copy = JSON.parse(JSON.stringify(before.life.snapshot()));
      const after = live(steps.slice(cut), new ChildLife(copy));
      expect([...before.outputs, ...after.outputs]).toEqual(whole);
    }
  });
});
