import { describe, expect, test } from '@jest/globals';
import {
  hostText,
  isLoopbackHost,
  isPrivateHost,
  isSameAddress,
  isSameHost,
  udpAddress,
} from '../../../../gateway/media/udp-address.ts';

const at = (host: string, port = 1) => udpAddress(host, port)!;

describe('a UDP address', () => {
  test.each(['203.0.113.255', '10.0.0.1', '2001:db8::1', 'fe80::1234:5678'])(
    'reads %s and writes it again',
    (text) => {
      expect(hostText(at(text))).toBe(text);
    },
  );

  test('is none if the text is no literal', () => {
    expect(udpAddress('example.com', 1)).toBeUndefined();
  });

  test('is the same host at another port', () => {
    expect(isSameHost(at('203.0.113.1', 1), at('203.0.113.1', 2))).toBe(true);
    expect(isSameAddress(at('203.0.113.1', 1), at('203.0.113.1', 2))).toBe(false);
    expect(isSameHost(at('203.0.113.1'), at('203.0.113.2'))).toBe(false);
    expect(isSameHost(at('0.0.0.1'), at('::1'))).toBe(false);
  });

  test.each([
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.9.9', true],
    ['169.254.1.1', true],
    ['100.64.0.1', true],
    ['127.0.0.1', true],
    ['203.0.113.1', false],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::1', true],
    ['2001:db8::1', false],
  ])('%s is hidden from the world: %s', (host, isPrivate) => {
    expect(isPrivateHost(at(host))).toBe(isPrivate);
  });

  test('knows loopback of both families', () => {
    expect(isLoopbackHost(at('127.9.9.9'))).toBe(true);
    expect(isLoopbackHost(at('::1'))).toBe(true);
    expect(isLoopbackHost(at('::2'))).toBe(false);
  });
});
