/** A thousand DTLS forgeries by peers with valid ICE, while others talk: none may gain anything. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bystanders } from '../test/interop/strangers/support/bystanders.ts';
import {
  type ForgedCall,
  forgeCall,
  type Loot,
} from '../test/interop/strangers/support/forged-call.ts';
import { closeLegs, openPlainLeg } from '../test/interop/support/legs.ts';
import { MediaProcessUnderTest } from '../test/interop/support/media-process-under-test.ts';
import { FORGERIES_OF_CLIENTS, FORGERIES_OF_SERVERS } from '../test/support/attack/dtls-peer.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    percent: { type: 'string', default: '100' },
    /** Every forgery is made in turn, so there is nothing to draw; kept for the log. */
    seed: { type: 'string', default: '1' },
  },
});
const KINDS: readonly ForgedCall[] = [
  ...FORGERIES_OF_CLIENTS.map((forgery) => ({ forgery, gatewayRole: 'server' }) as const),
  ...FORGERIES_OF_SERVERS.map((forgery) => ({ forgery, gatewayRole: 'client' }) as const),
];
/** How many forgers are at it at any time. */
const AT_ONCE = 8;

const count = Math.ceil((Number(values.count) * Number(values.percent)) / 100);
const media = await MediaProcessUnderTest.start();
const bystanders = await Bystanders.start(media);
const before = await media.census();
const loot: Loot[] = [];
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, forge));
const after = await media.census();
const { flows, hurt, failures } = await bystanders.stop();
await media.stop();

const figures = {
  forgeries: loot.length,
  tried: loot.filter(({ answersToChecks }) => answersToChecks > 0).length,
  connected: sum((each) => each.connected),
  packetsToForgers: sum((each) => each.received),
  packetsRelayed: sum((each) => each.relayed),
  refusals: countBy(loot.map(({ failure, detail }) => `${failure}: ${detail}`)),
  bystanders: flows,
  bystandersFailed: failures,
  legsLeft: after.legs - before.legs,
  sessionsLeft: after.sessions - before.sessions,
  residentGrowthBytes: after.residentBytes - before.residentBytes,
};
const text = JSON.stringify(figures, undefined, 2);
process.stdout.write(`${text}\n`);
if (process.env.SOAK_RESULT !== undefined) writeFileSync(process.env.SOAK_RESULT, `${text}\n`);
const gained = figures.connected + figures.packetsToForgers + figures.packetsRelayed;
const left = figures.legsLeft + figures.sessionsLeft;
process.exit(figures.tried === count && gained + left + failures + hurt.length === 0 ? 0 : 1);

async function forge(): Promise<void> {
  const victim = await openPlainLeg(media);
  while (next < count) {
    const kind = KINDS[next % KINDS.length]!;
    next += 1;
    loot.push(await forgeCall(media, victim, kind));
  }
  await closeLegs(media, victim);
}

function sum(of: (each: Loot) => number): number {
  return loot.reduce((total, each) => total + of(each), 0);
}

function countBy(words: readonly string[]): { readonly [word: string]: number } {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
