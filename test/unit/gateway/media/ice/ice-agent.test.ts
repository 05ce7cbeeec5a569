import { describe, expect, test } from '@jest/globals';
import { IceAgent } from '../../../../../gateway/media/ice/ice-agent.ts';
import { MOST_ICE_TUPLES } from '../../../../../gateway/media/limits.ts';
import { hostText, udpAddress } from '../../../../../gateway/media/udp-address.ts';
import { buildBindingRequest } from '../../../../../gateway/wire/stun/build.ts';
import { parseStun } from '../../../../../gateway/wire/stun/parse.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

const LOCAL = udpAddress('198.51.100.1', 0)!;

function agent() {
  const made = new IceAgent('m0', new SeededRandom(1));
  const check = (
    now: number,
    more: {
      port?: number;
      priority?: number;
      use?: boolean;
      key?: string;
      ufrag?: string;
      role?: 'controlling' | 'controlled';
      alter?: (bytes: Uint8Array) => void;
    } = {},
  ) => {
    const { ufrag, pwd } = made.credentials;
    const bytes = buildBindingRequest({
      transactionId: new Uint8Array(12).fill(now & 255),
      username: `${more.ufrag ?? ufrag}:their`,
      key: more.key ?? pwd,
      priority: more.priority ?? 100,
      role: more.role ?? 'controlling',
      tieBreaker: 5n,
      useCandidate: more.use ?? true,
    });
    more.alter?.(bytes);
    const parsed = parseStun(bytes);
    if (!parsed.ok) throw new Error(parsed.fault.code);
    const remote = udpAddress('203.0.113.1', more.port ?? 5000)!;
    return made.handleCheck(parsed.value, 1, remote, LOCAL, now);
  };
  return { agent: made, check };
}

function answer(outcome: { reply: Uint8Array } | undefined) {
  const parsed = parseStun(outcome!.reply);
  if (!parsed.ok) throw new Error(parsed.fault.code);
  return parsed.value;
}

describe('an ICE-lite agent', () => {
  test('answers an authentic check with the address it came from, and sends there', () => {
    const { agent: lite, check } = agent();
    const outcome = check(0);
    expect(answer(outcome)).toMatchObject({
      class: 'success',
      mappedAddress: { address: '203.0.113.1', port: 5000 },
    });
    expect(outcome!.isNew).toBe(true);
    expect(lite.selected!.remote.port).toBe(5000);
    expect(check(1)!.isNew).toBe(false);
  });

  test('keeps silent on a wrong password or name, and remembers nothing', () => {
    const { agent: lite, check } = agent();
    expect(check(0, { key: 'wrong' })).toBeUndefined();
    expect(check(0, { ufrag: 'm0other' })).toBeUndefined();
    expect(lite.tuples).toHaveLength(0);
    expect(lite.liveness(0)).toBe('waiting');
  });

  test('receives from what is not nominated, and sends only to what is', () => {
    const { agent: lite, check } = agent();
    check(0, { use: false });
    expect(lite.tuples).toHaveLength(1);
    expect(lite.selected).toBeUndefined();
  });

  test('tells a peer that believes it is controlled to take the lead', () => {
    const { check } = agent();
    expect(answer(check(0, { role: 'controlled' }))).toMatchObject({
      class: 'error',
      errorCode: { code: 487 },
    });
  });

  test('follows a nomination of the same or a better path at once', () => {
    const { agent: lite, check } = agent();
    check(0, { port: 1, priority: 100 });
    check(1, { port: 2, priority: 100 });
    expect(lite.selected!.remote.port).toBe(2);
    check(2, { port: 3, priority: 101 });
    expect(lite.selected!.remote.port).toBe(3);
  });

  test('holds a nomination of a worse path for a second, and drops it if the better is used again', () => {
    const { agent: lite, check } = agent();
    check(0, { port: 1, priority: 100 });
    check(10, { port: 2, priority: 50 });
    expect(lite.settle(900)).toBe(false);
    expect(lite.selected!.remote.port).toBe(1);
    check(950, { port: 1, priority: 100 });
    expect(lite.settle(1_100)).toBe(false);
    check(2_000, { port: 2, priority: 50 });
    check(2_500, { port: 2, priority: 50 });
    expect(lite.settle(3_000)).toBe(true);
    expect(lite.selected!.remote.port).toBe(2);
  });

  test('is interrupted after 7 s without a check and dead after 30', () => {
    const { agent: lite, check } = agent();
    check(0);
    expect([0, 6_999, 7_000, 29_999, 30_000].map((now) => lite.liveness(now))).toEqual([
      'alive',
      'alive',
      'interrupted',
      'interrupted',
      'dead',
    ]);
  });

  test('takes old credentials after a restart until the new ones have been used', () => {
    const { agent: lite, check } = agent();
    const { ufrag, pwd: key } = lite.credentials;
    const next = lite.restart();
    expect(lite.restart()).toBe(next);
    expect(lite.ufrags).toEqual([next.ufrag, ufrag]);
    expect(check(0, { ufrag, key })).toBeDefined();
    expect(check(1)).toBeDefined();
    expect(lite.ufrags).toEqual([next.ufrag]);
    expect(check(2, { ufrag, key })).toBeUndefined();
  });

  test('forgets the path checked longest ago when there are too many, never the one in use', () => {
    const { agent: lite, check } = agent();
    check(0, { port: 1 });
    for (let port = 2; port <= MOST_ICE_TUPLES; port += 1) check(port, { port, use: false });
    const outcome = check(100, { port: 999, use: false });
    expect(outcome!.dropped!.remote.port).toBe(2);
    expect(lite.tuples).toHaveLength(MOST_ICE_TUPLES);
    expect(lite.selected!.remote.port).toBe(1);
    expect(hostText(lite.selected!.local)).toBe('198.51.100.1');
  });
});
