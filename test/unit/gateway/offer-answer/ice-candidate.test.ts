/** ICE candidates. */
import { describe, expect, test } from '@jest/globals';
import * as candidates from '../../../../gateway/offer-answer/ice-candidate.ts';
import { described, faultOf, lineOf, succeeded } from './examples.ts';

test.each(['', 'candidate:', 'a=candidate:'])('a candidate is read behind %p', (prefix) => {
  const text = `${prefix}842163049 1 UDP 1677729535 198.51.100.4 46154 typ srflx raddr 10.0.0.4 rport 46154 generation 0 ufrag x`;
  expect(succeeded(candidates.parseIceCandidate(text))).toEqual({
    foundation: '842163049',
    component: 1,
    protocol: 'udp',
    priority: 1677729535,
    address: '198.51.100.4',
    port: 46154,
    type: 'srflx',
    relatedAddress: '10.0.0.4',
    relatedPort: 46154,
  });
});

test('an mDNS name and a TCP type are kept', () => {
  const text = '2 1 TCP 2105458943 c95257ec.local 9 typ host tcptype active';
  const candidate = succeeded(candidates.parseIceCandidate(text));
  expect(candidate).toMatchObject({
    address: 'c95257ec.local',
    protocol: 'tcp',
    tcpType: 'active',
  });
});

test('what is written is read back', () => {
  const { ice } = lineOf(described('chromium-audio-offer')).transport;
  expect(ice?.candidates.length).toBe(4);
  const related = { ...ice!.candidates[0]!, relatedAddress: '10.0.0.1', relatedPort: 9 };
  for (const candidate of [...ice!.candidates, related]) {
    const text = candidates.formatIceCandidate(candidate);
    expect(succeeded(candidates.parseIceCandidate(text))).toEqual(candidate);
  }
});

describe('No candidate is', () => {
  test.each([
    ['nothing', '', 'candidate.syntax'],
    ['one without a type', '1 1 udp 1 192.0.2.1 1', 'candidate.syntax'],
    ['one of another word order', '1 1 udp 1 192.0.2.1 1 host typ', 'candidate.syntax'],
    ['one of an unknown type', '1 1 udp 1 192.0.2.1 1 typ magic', 'candidate.type'],
    ['a priority beyond 32 bits', '1 1 udp 4294967296 192.0.2.1 1 typ host', 'candidate.syntax'],
    ['a port beyond 65535', '1 1 udp 1 192.0.2.1 65536 typ host', 'candidate.syntax'],
    ['a component that is no number', '1 x udp 1 192.0.2.1 1 typ host', 'candidate.syntax'],
    ['one of 513 characters', 'x'.repeat(513), 'candidate.syntax'],
  ])('%s', (_what, text, code) => {
    expect(faultOf(candidates.parseIceCandidate(text))).toBe(code);
  });
});

test('new credentials ask for a restart, the same do not', () => {
  const before = lineOf(described('chromium-audio-hold-offer')).transport.ice!;
  const same = lineOf(described('chromium-audio-offer')).transport.ice!;
  const restarted = lineOf(described('chromium-ice-restart-offer')).transport.ice!;
  expect(candidates.isIceRestart(before, same)).toBe(false);
  expect(candidates.isIceRestart(before, restarted)).toBe(true);
});
