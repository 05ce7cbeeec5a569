import { describe, expect, test } from '@jest/globals';
import { legPort, planLine } from '../../../bench/load-generator.ts';

const endpoint = { address: '127.0.0.1', port: 40000 };
const remote = { address: '127.0.0.1', port: 30000 };
const none = { kind: 'none' } as const;
const sdes = (key: string) => ({ kind: 'sdes', key }) as const;
const dtls = (name: string) =>
  ({ kind: 'dtls', ufrag: `u${name}`, password: `p${name}`, fingerprint: `f${name}` }) as const;

describe('load generator', () => {
  test('legs lie an even port and its odd neighbour apart', () => {
    expect([legPort(40000, 0), legPort(40000, 3)]).toEqual([40000, 40006]);
  });

  test('a plain leg is told where to send', () => {
    const line = planLine(3, { endpoint, keying: none }, { endpoint: remote, keying: none });
    expect(line).toBe('leg 3 rtp 127.0.0.1 30000');
  });

  test('an SDES leg is told our key, then theirs', () => {
    const line = planLine(
      0,
      { endpoint, keying: sdes('ours') },
      { endpoint: remote, keying: sdes('theirs') },
    );
    expect(line).toBe('leg 0 sdes 127.0.0.1 30000 ours theirs');
  });

  test('a DTLS leg is told their credentials, our name and their fingerprint', () => {
    const line = planLine(
      0,
      { endpoint, keying: dtls('1') },
      { endpoint: remote, keying: dtls('2') },
    );
    expect(line).toBe('leg 0 dtls 127.0.0.1 30000 u2 p2 u1 f2');
  });

  test.each([
    [none, sdes('k')],
    [sdes('k'), none],
    [dtls('1'), sdes('k')],
  ])('an answer keyed unlike its offer is refused (%#)', (ours, theirs) => {
    expect(() =>
      planLine(0, { endpoint, keying: ours }, { endpoint: remote, keying: theirs }),
    ).toThrow('offered');
  });
});
