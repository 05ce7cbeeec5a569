import { describe, expect, test } from '@jest/globals';
import { hostCandidates, parseCandidate } from '../../../../../gateway/media/ice/candidates.ts';
import { udpAddress } from '../../../../../gateway/media/udp-address.ts';

describe('our candidates', () => {
  test('are of type host, component 1, the first address preferred (RFC 8445 §5.1.2.1)', () => {
    expect(hostCandidates(['198.51.100.1', '2001:db8::1'], 10_000)).toEqual([
      { foundation: '1', priority: 2_130_706_431, address: '198.51.100.1', port: 10_000 },
      { foundation: '2', priority: 2_130_706_175, address: '2001:db8::1', port: 10_000 },
    ]);
  });
});

describe('a peer’s candidate', () => {
  const usable = '1 1 udp 2130706431 203.0.113.1 5000 typ host';
  test.each([usable, `candidate:${usable}`, `a=candidate:${usable}`])('is read from %s', (text) => {
    expect(parseCandidate(text)).toEqual({
      address: udpAddress('203.0.113.1', 5000),
      priority: 2_130_706_431,
    });
  });

  test.each([
    ['TCP', '1 1 tcp 2130706431 203.0.113.1 9 typ host tcptype active'],
    ['another component', '1 2 udp 2130706431 203.0.113.1 5001 typ host'],
    ['a name', '1 1 udp 2130706431 f00.local 5000 typ host'],
    ['no port', '1 1 udp 2130706431 203.0.113.1'],
    ['port zero', '1 1 udp 1 203.0.113.1 0 typ host'],
    ['nothing', ''],
    ['far too much', `1 1 udp 1 203.0.113.1 5000 typ host ${'x '.repeat(300)}`],
  ])('with %s is of no use', (_what, text) => {
    expect(parseCandidate(text)).toBeUndefined();
  });
});
