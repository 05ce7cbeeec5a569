import { expect, test } from '@jest/globals';
import { SipEnvironment } from '../../../../gateway/sip/environment.ts';
import { type CallingLeg, LegTable } from '../../../../gateway/sip/leg.ts';
import { acceptAll, optionsAt } from '../../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const leg: CallingLeg = {
  type: 'calling',
  key: 'l',
  outbound: 'o',
  callId: 'c',
  lateOffer: false,
  heard: false,
  interest: 'open',
  cancelHeaders: [],
  forks: [],
  restartsTimerC: true,
  until: 500,
};

test('a leg has its deadline and its Call-ID while it lives, and after a restart', () => {
  const options = optionsAt('192.0.2.1');
  const environment = new SipEnvironment(options, acceptAll, new SeededRandom(1));
  const table = new LegTable(environment);
  table.keep(leg);
  expect([environment.deadlines.earliest, table.legOfCall('c'), table.answered('l')]).toEqual([
    500,
    'l',
    undefined,
  ]);
  const later = new SipEnvironment(options, acceptAll, new SeededRandom(1));
  const restored = new LegTable(later, JSON.parse(JSON.stringify(table.snapshot())));
  expect([later.deadlines.earliest, restored.get('l')]).toEqual([500, leg]);
  table.forget('l');
  expect([environment.deadlines.size, table.size, table.legOfCall('c')]).toEqual([0, 0, undefined]);
});
