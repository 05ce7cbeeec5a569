/** Trunks by name and by where they speak from. */
import { describe, expect, test } from '@jest/globals';
import { type Trunk, Trunks } from '../../../../gateway/trunk/trunks.ts';

const BASE: Trunk = {
  name: 'one',
  targets: ['sip:192.0.2.1:5070'],
  transport: 'udp',
  codecs: ['pcmu'],
  srtp: 'off',
  register: false,
  matchSources: [],
  mediaNetworks: [],
};
const trunks = new Trunks([
  BASE,
  { ...BASE, name: 'two', targets: ['sip:192.0.2.1'] },
  { ...BASE, name: 'three', targets: ['sip:pbx.example'], matchSources: ['198.51.100.0/24'] },
  { ...BASE, name: 'four', targets: ['sip:[2001:db8::1]'], matchSources: ['203.0.113.7'] },
]);

describe('a request', () => {
  test.each([
    ['192.0.2.1', 5070, 'one'],
    ['192.0.2.1', 5060, 'two'],
    ['192.0.2.1', 33_000, 'one'],
    ['198.51.100.9', 5060, 'three'],
    ['203.0.113.7', 5060, 'four'],
    ['2001:db8:0::1', 5060, 'four'],
    ['203.0.113.8', 5060, undefined],
    ['198.51.101.9', 5060, undefined],
  ])('from %s port %i is of trunk %s', (address, port, name) => {
    expect(trunks.speakingFrom(address, port)?.name).toBe(name);
  });
});

test('a trunk is found by its name', () => {
  expect(trunks.get('three')?.targets).toEqual(['sip:pbx.example']);
  expect(trunks.get('five')).toBeUndefined();
  expect(trunks.all()).toHaveLength(4);
});
