import { expect, test } from '@jest/globals';
import { type EchoFacts, judgeEcho } from '../../../../../gateway/ops/self-test/echo-verdict.ts';

const GOOD: EchoFacts = {
  setUpMs: 120.4,
  codec: 'opus',
  sent: 150,
  returned: 150,
  roundTripsMs: [1, 2, 30],
};

test.each<[string, Partial<EchoFacts>, string]>([
  ['everything that came back soon', {}, 'good'],
  ['one packet in a hundred and fifty that did not', { returned: 149 }, 'good'],
  ['three that did not', { returned: 147 }, 'warning'],
  ['nothing that came back', { returned: 0, roundTripsMs: [] }, 'bad'],
  ['a set-up of seconds', { setUpMs: 2_001 }, 'warning'],
  ['a long way round', { roundTripsMs: [101] }, 'warning'],
])('%s is told so', (_, change, verdict) => {
  expect(judgeEcho({ ...GOOD, ...change }).verdict).toBe(verdict);
});

test('the figures are told in words', () => {
  expect(judgeEcho(GOOD).detail).toBe(
    'set up in 120 ms, opus both ways, 0.0 % of 150 packets lost, round trip 2.0 ms',
  );
});
