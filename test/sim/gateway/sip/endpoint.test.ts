/** Calls under loss, reordering and restarts at random steps: nothing leaks, nothing differs. */
import { describe, expect, test } from '@jest/globals';
import { SeededRandom } from '../../../support/seeded-random.ts';
import { ANSWER, invite, NOTHING, OFFER, type Pair, pair } from '../../sip/scenes.ts';
import type { NetworkOptions } from '../../sip/sip-network.ts';

/** One call in which both sides do whatever the seed says. */
function randomCall(seed: number, options: NetworkOptions): Pair {
  const scene = pair({ seed, ...options });
  const { network, alice, bob } = scene;
  const chance = new SeededRandom(seed * 7 + 3);
  const within = (limit: number) => Math.floor(chance.next() * limit);
  const uri = chance.next() < 0.3 ? 'sip:bob@192.0.2.2;transport=tcp' : 'sip:bob@192.0.2.2';
  invite(scene, { requestUri: uri, body: chance.next() < 0.2 ? undefined : OFFER });
  const [answer, ringing, picked] = [chance.next(), within(3000), within(9000)];
  bob.onEvent = (event) => {
    if (event.type === 'incoming-invite') {
      const { request, leg } = event;
      network.at(ringing, () => network.command(bob, { type: 'respond', request, status: 180 }));
      const status = answer < 0.7 ? 200 : 486;
      network.at(picked, () =>
        network.command(bob, { type: 'respond', request, status, body: ANSWER }),
      );
      network.at(picked + 60_000, () => network.command(bob, { type: 'bye', leg }));
    } else if (event.type === 'incoming-reinvite') {
      const { request } = event;
      const body = ANSWER;
      network.command(bob, { type: 'respond', request, status: 200, body });
    }
  };
  alice.onEvent = (event) => {
    if ((event.type === 'answered' || event.type === 'reinvite-answered') && event.acknowledge) {
      network.command(alice, { type: 'acknowledge', leg: 'out', body: ANSWER });
    }
  };
  const second = within(20_000);
  network.at(second, () => network.command(alice, { type: 'reinvite', leg: 'out', body: OFFER }));
  const ending = chance.next() < 0.5 ? 'cancel' : 'bye';
  network.at(within(80_000), () => network.command(alice, { type: ending, leg: 'out' }));
  network.run();
  return scene;
}

describe('a call whose sides act at random', () => {
  for (let block = 0; block < 10; block += 1) {
    const first = block * 30 + 1;
    test(`ends once on each side and leaves nothing, with seeds from ${first}`, () => {
      for (let seed = first; seed < first + 30; seed += 1) {
        const scene = randomCall(seed, { loss: 0.2, jitterMs: 400, restarts: 0.2 });
        for (const node of [scene.alice, scene.bob]) {
          const legs = node.events.flatMap((event) => ('leg' in event ? [event.leg] : []));
          const ended = node.eventsOf('ended').map((event) => event.leg);
          expect({ seed, ended: ended.sort() }).toEqual({ seed, ended: [...new Set(legs)].sort() });
          expect({ seed, ...node.counts() }).toEqual({ seed, ...NOTHING });
        }
      }
    });
  }

  test('is the same on the wire whether or not its machines are restarted', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const options = { loss: 0.15, jitterMs: 300 };
      const steady = randomCall(seed, options);
      const restarted = randomCall(seed, { ...options, restarts: 0.5 });
      expect(restarted.network.seen).toEqual(steady.network.seen);
      expect(restarted.alice.events).toEqual(steady.alice.events);
      expect(restarted.bob.events).toEqual(steady.bob.events);
    }
  });
});
