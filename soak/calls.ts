/** A thousand calls of every kind, after a warm-up: they may leave next to nothing in memory. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { everythingIsGone } from '../test/interop/endings/support/nothing-left.ts';
import { Scene } from '../test/interop/endings/support/scene.ts';
import { RunningGateway } from '../test/support/gateway/running-gateway.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { CALL_KINDS } from './calls/kinds.ts';
import { growth, type Holding, holdings } from './calls/memory.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    percent: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});

/** Calls that bring every bounded store to its limit. */
const WARM_UP = 200;
const AT_ONCE = 6;
const MOST_HEAP_BYTES_PER_CALL = 500;
const MOST_RESIDENT_PERCENT = 5;
/** With fewer, what a process gains and loses by itself is more than what calls may leave. */
const FEWEST_JUDGED = 500;
/** Traces of ended calls are kept on purpose: the warm-up fills their ring. */
const TRACED_CALLS = 50;
const RECLAIM_SECONDS = 2;

const share = Number(values.percent) / 100;
const count = Math.ceil(Number(values.count) * share);
const warmUp = Math.ceil(WARM_UP * share);
const isJudged = count >= FEWEST_JUDGED;
const random = new SeededRandom(Number(values.seed));
const names = Object.keys(CALL_KINDS);
const made: Record<string, number> = {};
const failures: string[] = [];

const gateway = await RunningGateway.start({
  configuration: {
    janus: { reclaim_session_timeout_seconds: RECLAIM_SECONDS },
    trace: { calls: TRACED_CALLS },
    log: { level: 'warn', format: 'json' },
  },
});
const pids = await processIds();
const scenes: Scene[] = [];
// One after another: each looks at what the gateway holds when nobody else is connected.
while (scenes.length < AT_ONCE) scenes.push(await Scene.at(gateway));
const rest = scenes[0]!.rest;

const startedAt = performance.now();
await makeCalls(warmUp);
const before = isJudged ? await holdingsAtRest() : [];
await makeCalls(count);
const after = await holdingsAtRest();
const grown = growth(before, after, count);
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const restarts = (await processIds()).filter((pid, index) => pid !== pids[index]).length;
for (const scene of scenes) scene.leave();
await gateway.stop();

const { seed } = values;
const figures = { warmUp, count, seed, seconds, made, failures, restarts, grown };
const text = JSON.stringify(figures, undefined, 2);
process.stdout.write(`${text}\n`);
if (process.env.SOAK_RESULT !== undefined) writeFileSync(process.env.SOAK_RESULT, `${text}\n`);
const tooMuch = grown.filter(
  (each) =>
    each.heapBytesPerCall > MOST_HEAP_BYTES_PER_CALL ||
    each.residentPercent > MOST_RESIDENT_PERCENT ||
    each.descriptors !== 0,
);
for (const { process: name } of tooMuch) process.stderr.write(`${name} grows too much\n`);
process.exit(failures.length + restarts + tooMuch.length === 0 ? 0 : 1);

/** So many calls, some at once, each of a kind that the seed draws. */
async function makeCalls(calls: number): Promise<void> {
  const drawn = Array.from({ length: calls }, () => names[random.below(names.length)]!);
  await Promise.all(
    scenes.map(async (scene) => {
      for (let name = drawn.pop(); name !== undefined; name = drawn.pop()) {
        made[name] = (made[name] ?? 0) + 1;
        await CALL_KINDS[name]!(scene).catch((error: Error) => {
          failures.push(`${name}: ${error.message}`);
        });
      }
    }),
  );
}

/** Once nothing is left of any call, draining ports and lingering transactions included. */
async function holdingsAtRest(): Promise<readonly Holding[]> {
  await everythingIsGone(gateway, rest);
  return holdings(gateway);
}

async function processIds(): Promise<readonly (number | undefined)[]> {
  return Promise.all(['signalling', 'media-m0'].map((name) => gateway.pidOf(name)));
}
