import { expect, test } from '@jest/globals';
import { parseHostPort } from '../../../../../gateway/wire/sip/host-port.ts';

test('a host is a name or a literal, with a port from 1 to 65535', () => {
  expect(parseHostPort('Example.COM')).toEqual({ host: 'example.com', port: undefined });
  expect(parseHostPort('192.0.2.1:5060')).toEqual({ host: '192.0.2.1', port: 5060 });
  expect(parseHostPort('[2001:DB8::1]:5061')).toEqual({ host: '2001:db8::1', port: 5061 });
});

test('the third colon of the old grammar is read as two (RFC 5118 §4.10)', () => {
  expect(parseHostPort('[2001:db8:::192.0.2.1]')?.host).toBe('2001:db8::192.0.2.1');
  expect(parseHostPort('[2001:db8:::1]')).toBeUndefined();
});

test('anything else is no host', () => {
  for (const bad of [
    '',
    ':5060',
    'a:',
    'a:0',
    'a:65536',
    'a b',
    '[1.2.3.4]',
    '[::1',
    '[::1]x',
    '::1',
  ]) {
    expect({ bad, value: parseHostPort(bad) }).toEqual({ bad, value: undefined });
  }
});
