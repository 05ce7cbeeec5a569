import { describe, expect, test } from '@jest/globals';
import { SourceLock, SourceRanking } from '../../../../gateway/media/source-lock.ts';
import { hostText, udpAddress } from '../../../../gateway/media/udp-address.ts';
import { fabricate } from '../../../sim/media/support/fabricated-datagram.ts';

const from = (host: string, port = 4000) => fabricate({ from: host, port });
const described = udpAddress('203.0.113.7', 4000);
const policy = (more = {}) => ({ mediaNetworks: [], anySource: false, ...more });

describe('the rank of a source', () => {
  const ranking = new SourceRanking(
    described,
    policy({ signallingAddress: '203.0.113.80', mediaNetworks: ['198.18.0.0/15'] }),
    ['192.0.2.0/24'],
  );
  test.each([
    ['203.0.113.7', 4000, 1],
    ['203.0.113.7', 4002, 2],
    ['203.0.113.80', 9, 3],
    ['198.19.0.1', 9, 4],
    ['192.0.2.9', 9, 4],
    ['203.0.113.9', 4000, 0],
  ])('of %s:%i is %i', (host, port, rank) => {
    expect(ranking.rankOf(from(host, port))).toBe(rank);
  });

  test('of the signalling’s source is first where the description is private and it is not', () => {
    const natted = new SourceRanking(
      udpAddress('192.168.1.2', 4000),
      policy({ signallingAddress: '203.0.113.80' }),
      [],
    );
    expect(natted.rankOf(from('203.0.113.80', 31_000))).toBe(1);
    expect(natted.rankOf(from('192.168.1.2', 4000))).toBe(2);
  });

  test('of the signalling’s source stays third where both are private', () => {
    const local = new SourceRanking(
      udpAddress('10.0.0.2', 4000),
      policy({ signallingAddress: '10.0.0.3' }),
      [],
    );
    expect(local.rankOf(from('10.0.0.3'))).toBe(3);
    expect(local.rankOf(from('10.0.0.2', 4000))).toBe(1);
  });

  test('of anything at all is last, and only where policy lets it', () => {
    const any = new SourceRanking(described, policy({ anySource: true }), []);
    expect(any.rankOf(from('192.0.2.66'))).toBe(5);
  });
});

describe('a source lock', () => {
  const opened = (more = {}) => {
    const lock = new SourceLock();
    lock.open(new SourceRanking(described, policy({ anySource: true, ...more }), []));
    return lock;
  };

  test('refuses everything before there is a description', () => {
    expect(new SourceLock().admit(from('203.0.113.7'), 1, 1, 0)).toBe('refused');
  });

  test('closes with the fourth packet of one SSRC in a row', () => {
    const lock = opened();
    const near = from('203.0.113.7');
    expect([1, 2, 3, 4, 5].map((number) => lock.admit(near, 7, number, number * 20))).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'locked',
      'admitted',
    ]);
    expect(lock.admit(from('192.0.2.66'), 7, 6, 4_000)).toBe('refused');
  });

  test('takes a flood’s packets no sooner for a stream, and lets five of them through', () => {
    const lock = opened();
    const near = from('203.0.113.7');
    const admissions = Array.from({ length: 40 }, (_, number) =>
      lock.admit(near, 7, number, number),
    );
    expect(admissions.slice(0, 5)).toEqual(Array(5).fill('admitted'));
    expect(admissions.slice(5)).toEqual(Array(35).fill('refused'));
    expect(lock.admit(near, 7, 40, 40)).toBe('locked');
  });

  test('counts anew when the SSRC changes', () => {
    const lock = opened();
    const near = from('203.0.113.7');
    for (const ssrc of [1, 1, 1, 2, 2]) expect(lock.admit(near, ssrc, 1, 0)).toBe('admitted');
    expect(lock.admit(near, 2, 1, 50)).toBe('refused');
    expect(lock.admit(near, 2, 1, 60)).toBe('locked');
  });

  test('closes after three seconds, however few packets came', () => {
    const lock = opened();
    const near = from('203.0.113.7');
    expect(lock.admit(near, 1, 1, 0)).toBe('admitted');
    expect(lock.admit(near, 2, 2, 2_999)).toBe('admitted');
    expect(lock.admit(near, 3, 3, 3_000)).toBe('locked');
  });

  test('yields to a better rank inside the window, and to no equal or worse one', () => {
    const lock = opened();
    expect(lock.admit(from('192.0.2.66'), 1, 1, 0)).toBe('admitted');
    expect(lock.admit(from('192.0.2.67'), 1, 2, 1)).toBe('refused');
    expect(lock.admit(from('203.0.113.7', 4002), 2, 1, 2)).toBe('admitted');
    expect(lock.admit(from('192.0.2.66'), 1, 3, 3)).toBe('refused');
    expect(lock.admit(from('203.0.113.7', 4000), 3, 1, 4)).toBe('admitted');
    expect(lock.rank).toBe(1);
  });

  test('though closed, yields to a better rank until the window is over', () => {
    const lock = opened();
    const stranger = from('192.0.2.66');
    const near = from('203.0.113.7');
    for (const number of [1, 2, 3]) lock.admit(stranger, 1, number, number * 20);
    expect(lock.admit(stranger, 1, 4, 80)).toBe('locked');
    expect(lock.admit(near, 2, 1, 2_900)).toBe('admitted');
    expect(lock.isLocked).toBe(false);
    expect(lock.admit(stranger, 1, 5, 2_910)).toBe('refused');
    expect(lock.admit(near, 2, 2, 3_020)).toBe('locked');
    expect(lock.rank).toBe(1);
  });

  test('keeps whom it closed on, whoever comes, once the window is over', () => {
    const lock = opened();
    for (const number of [1, 2, 3, 4]) lock.admit(from('192.0.2.66'), 1, number, number * 20);
    expect(lock.admit(from('203.0.113.7'), 2, 1, 3_020)).toBe('refused');
  });

  test('forgets a source that went away before it closed', () => {
    const lock = opened();
    expect(lock.admit(from('192.0.2.66'), 1, 1, 0)).toBe('admitted');
    expect(lock.admit(from('192.0.2.67'), 2, 1, 2_999)).toBe('refused');
    expect(lock.admit(from('192.0.2.67'), 2, 2, 3_000)).toBe('admitted');
    expect(hostText(lock.source!)).toBe('192.0.2.67');
  });

  test('moves after ten seconds of silence only with the stream that it knew', () => {
    const lock = opened();
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      lock.admit(from('203.0.113.7'), 7, sequence, sequence * 20);
    }
    const other = from('192.0.2.9');
    expect(lock.admit(other, 7, 400, 9_000)).toBe('refused');
    expect(lock.admit(other, 8, 400, 11_000)).toBe('refused');
    expect(lock.admit(other, 7, 5, 11_000)).toBe('refused');
    expect(lock.admit(other, 7, 40_000, 11_000)).toBe('refused');
    expect(lock.admit(other, 7, 400, 11_000)).toBe('locked');
    expect(hostText(lock.source!)).toBe('192.0.2.9');
  });

  test('lets begin what proves itself otherwise, only from a ranked source', () => {
    const lock = opened({ anySource: false });
    expect(lock.mayBegin(from('203.0.113.7'))).toBe(true);
    expect(lock.mayBegin(from('192.0.2.66'))).toBe(false);
  });
});
