import { describe, expect, test } from '@jest/globals';
import type { SipInterface } from '../../../../gateway/sip/endpoint-contract.ts';
import { advertised, chooseInterface, isOurAddress } from '../../../../gateway/sip/interfaces.ts';

const interfaces: readonly SipInterface[] = [
  { name: 'loopback', transport: 'udp', bindAddress: '127.0.0.1', port: 5060 },
  {
    name: 'lan',
    transport: 'udp',
    bindAddress: '10.0.0.2',
    port: 5060,
    localNetworks: ['10.0.0.0/8'],
  },
  {
    name: 'wan',
    transport: 'udp',
    bindAddress: '172.16.0.2',
    port: 5060,
    advertisedAddress: '203.0.113.1',
    advertisedPort: 5080,
  },
  { name: 'wan', transport: 'tcp', bindAddress: '172.16.0.2', port: 5060 },
  { name: 'six', transport: 'udp', bindAddress: '2001:db8::2', port: 5060 },
];

describe('interfaces', () => {
  test('advertise their public address, except to their local networks', () => {
    const [, lan, wan] = interfaces;
    expect(advertised(lan!, '10.3.3.3')).toEqual({ host: '10.0.0.2', port: 5060 });
    expect(advertised(wan!, '198.51.100.1')).toEqual({ host: '203.0.113.1', port: 5080 });
  });

  test('are chosen by transport, family, network and name', () => {
    const choose = (address: string, name?: string) =>
      chooseInterface(interfaces, 'udp', address, name)?.name;
    expect([choose('127.0.0.1'), choose('10.4.4.4'), choose('198.51.100.1')]).toEqual([
      'loopback',
      'lan',
      'wan',
    ]);
    expect([choose('198.51.100.1', 'lan'), choose('198.51.100.1', 'six')]).toEqual([
      'lan',
      undefined,
    ]);
  });

  test('know their own addresses', () => {
    expect(isOurAddress(interfaces, '203.0.113.1', 5080)).toBe(true);
    expect(isOurAddress(interfaces, '203.0.113.1', 5060)).toBe(false);
  });
});
