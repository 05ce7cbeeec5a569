/** The kinds of value that the configuration is made of, and what each refuses. */
import { describe, expect, test } from '@jest/globals';
import {
  audioCodecs,
  domain,
  ha1,
  ipAddress,
  listeningPort,
  name,
  network,
  pattern,
  rtpPortRange,
  secret,
  sipUri,
} from '../../../config/values.ts';
import { Secret } from '../../../gateway/core/log.ts';

describe('configuration values', () => {
  test('a range of RTP ports is FIRST-LAST', () => {
    expect(rtpPortRange.parse('20000-29999')).toEqual({ first: 20_000, last: 29_999 });
  });

  test.each([
    ['20001-29999', 'even'],
    ['20000-29998', 'odd'],
    ['30000-20001', 'before'],
    ['80-89', '1024'],
    ['60000-70001', '65535'],
    ['20000', 'FIRST-LAST'],
  ])('the range %s is refused, and the reason says %s', (range, reason) => {
    const result = rtpPortRange.safeParse(range);
    expect(result.error?.issues.map((issue) => issue.message).join()).toContain(reason);
  });

  test.each([
    [ipAddress, ['192.0.2.1', '2001:db8::1'], ['192.0.2.256', 'example.com', '']],
    [network, ['192.0.2.0/24', '192.0.2.1', '2001:db8::/32'], ['192.0.2.0/33', '10/8']],
    [listeningPort, [0, 5060, 65_535], [-1, 65_536, 1.5, '5060']],
    [name, ['alice', '+441632960001', 'a.b-c_d'], ['', 'a b', 'a@b', '-a', 'a:b']],
    [domain, ['example.com', '192.0.2.1', '[2001:db8::1]', 'x'], ['', 'a b', '-a', 'a/b']],
    [sipUri, ['sip:pbx.example.com', 'sips:a@b:5061', 'sip:192.0.2.1'], ['pbx', 'sip:', 'tel:1']],
    [pattern, ['.*', '\\+44(\\d+)'], ['(', 'a{2,1}']],
    [audioCodecs, [['opus'], ['pcmu', 'pcma']], [[], ['mp3']]],
  ])('kind %# takes what it should and nothing else', (schema, good, bad) => {
    for (const value of good)
      expect([value, schema.safeParse(value).success]).toEqual([value, true]);
    for (const value of bad)
      expect([value, schema.safeParse(value).success]).toEqual([value, false]);
  });

  test('a pattern matches the whole of what it is held against', () => {
    const digits = pattern.parse('1|22');
    expect(['1', '22', '122', '221'].map((called) => digits.test(called))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('a secret and an HA1 can be revealed and not be printed', () => {
    const password = secret.parse('hunter2');
    const hash = ha1.parse('0123456789abcdef0123456789abcdef');
    expect(password).toBeInstanceOf(Secret);
    expect(password.reveal()).toBe('hunter2');
    expect(`${password} ${hash} ${JSON.stringify([password, hash])}`).not.toMatch(/hunter2|0123/);
  });

  test('an HA1 of another length is refused', () => {
    expect(ha1.safeParse('0123').success).toBe(false);
  });
});
