/** Directions, hold and resume. */
import { describe, expect, test } from '@jest/globals';
import type { MediaDirection } from '../../../../gateway/offer-answer/description.ts';
import * as direction from '../../../../gateway/offer-answer/direction.ts';

const all: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

test('a direction is whether we send and whether we receive', () => {
  for (const one of all) {
    const again = direction.mediaDirection(direction.sends(one), direction.receives(one));
    expect(again).toBe(one);
  }
});

test('the other side sees sendonly as recvonly', () => {
  expect(all.map(direction.reversed)).toEqual(['sendrecv', 'recvonly', 'sendonly', 'inactive']);
});

describe('An answer is legal whatever we wish (RFC 3264 §6.1)', () => {
  const legal: { [offered in MediaDirection]: MediaDirection[] } = {
    sendrecv: ['sendrecv', 'sendonly', 'recvonly', 'inactive'],
    sendonly: ['recvonly', 'inactive'],
    recvonly: ['sendonly', 'inactive'],
    inactive: ['inactive'],
  };
  test.each(all)('to %s', (offered) => {
    const answers = all.map((wish) => direction.narrowed(wish, offered));
    expect(new Set(answers)).toEqual(new Set(legal[offered]));
    expect(direction.narrowed('sendrecv', offered)).toBe(direction.reversed(offered));
  });
});

test('holding turns sendrecv to sendonly and recvonly to inactive, resuming takes it back (§8.4)', () => {
  expect(all.map(direction.held)).toEqual(['sendonly', 'sendonly', 'inactive', 'inactive']);
  expect(['sendonly', 'inactive'].map((one) => direction.resumed(one as MediaDirection))).toEqual([
    'sendrecv',
    'recvonly',
  ]);
});

test('a remote that no longer receives holds us', () => {
  expect(all.filter(direction.holdsUs)).toEqual(['sendonly', 'inactive']);
});
