import { describe, expect, test } from '@jest/globals';
import type { SipInterface } from '../../../../gateway/sip/endpoint-contract.ts';
import { hopsTo, hopTo, nextHop } from '../../../../gateway/sip/next-hop.ts';

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

function hopOf(uri: string, routes: readonly string[] = []) {
  const next = nextHop(interfaces, uri, routes);
  return next.ok ? next.value : next.fault.code;
}

describe('nextHop (RFC 3261 §8.1.2, RFC 3263 §4)', () => {
  test('goes to the Request-URI, or to the topmost Route', () => {
    expect(hopOf('sip:a@198.51.100.1')).toMatchObject({
      hops: [{ transport: 'udp', interfaceName: 'wan', address: '198.51.100.1', port: 5060 }],
    });
    expect(hopOf('sip:a@b.example', ['<sip:10.9.9.9:5070;lr>'])).toMatchObject({
      hops: [{ interfaceName: 'lan', address: '10.9.9.9', port: 5070 }],
    });
  });

  test('takes transport and family from the URI', () => {
    expect(hopOf('sip:a@198.51.100.1;transport=TCP')).toMatchObject({
      hops: [{ transport: 'tcp' }],
    });
    expect(hopOf('sip:a@[2001:db8::9]')).toMatchObject({ hops: [{ interfaceName: 'six' }] });
    expect(hopOf('sip:a@localhost')).toMatchObject({ hops: [{ address: '127.0.0.1' }] });
  });

  test('asks for names, with what the URI says of port and transport', () => {
    expect(hopOf('sip:a@b.example')).toEqual({
      type: 'name',
      host: 'b.example',
      port: undefined,
      transport: undefined,
      secure: false,
    });
    expect(hopOf('sips:a@b.example:5071')).toMatchObject({ port: 5071, secure: true });
  });

  test('knows when there is no way', () => {
    expect(hopOf('sips:a@198.51.100.1')).toBe('sip.no-interface');
    expect(hopOf('tel:123')).toBe('sip.no-route');
    expect(hopOf('sip:a@198.51.100.1;transport=sctp')).toBe('sip.no-route');
  });

  test('keeps the flow of an explicit destination, and drops addresses that nothing reaches', () => {
    const destination = { transport: 'udp', address: '10.1.1.1', port: 9, flow: 'f' } as const;
    const next = hopTo(interfaces, destination);
    expect(next.ok && next.value).toMatchObject({ hops: [{ flow: 'f', interfaceName: 'lan' }] });
    const found = [
      { transport: 'tls', address: '198.51.100.1', port: 5061 },
      { transport: 'udp', address: '198.51.100.1', port: 5060 },
    ] as const;
    expect(hopsTo(interfaces, found, undefined, 'b.example')).toMatchObject([
      { transport: 'udp', serverName: 'b.example' },
    ]);
  });
});
