/** What a configuration means to SIP, routing, users and trunks. */
import { describe, expect, test } from '@jest/globals';
import { loadConfiguration } from '../../../../config/load.ts';
import { succeed } from '../../../../gateway/core/result.ts';
import {
  configuredRouting,
  configuredTrunks,
  configuredUsers,
  ownAddresses,
  sipInterfaces,
  sipOptions,
} from '../../../../gateway/signalling-process/configured.ts';

function configured(yaml: string) {
  const loaded = loadConfiguration({ CAUSEWAY_CONFIG: 'test.yaml' }, () => succeed(yaml));
  if (!loaded.ok) throw new Error(loaded.fault.detail);
  return loaded.value;
}

const FULL = configured(`
interfaces:
  - { name: lo, bind: 127.0.0.1 }
  - { name: wan, bind: 10.0.0.5, advertise: 198.51.100.7, local_networks: [10.0.0.0/8] }
sip: { port: 5070, domains: [Example.org] }
users:
  - { name: alice, domain: other.example, password: wonderland, codecs: [pcmu] }
trunks:
  - name: pbx
    targets: ['sip:192.0.2.50']
    srtp: required
    credentials: { username: u, password: passphrase }
routes:
  - { from: api, called: '9(\\d+)', rewrite: '$1', to: { trunk: pbx } }
  - { called: '666', to: { reject: 603 } }
  - { called: alice, to: { user: alice } }
  - { called: help, to: { extension: echo } }
  - { from: api, to: { as_dialled: true } }
`);
const DEFAULTS = configured('{}');

describe('the defaults', () => {
  test('mean loopback and the echo, and nothing else', () => {
    const routing = configuredRouting(
      DEFAULTS,
      configuredUsers(DEFAULTS),
      configuredTrunks(DEFAULTS),
    );
    expect(ownAddresses(DEFAULTS)).toEqual({
      domains: [],
      hosts: ['127.0.0.1', 'localhost'],
      ports: [5060],
    });
    expect(routing.rules).toEqual([]);
    expect([...routing.extensions]).toEqual([['echo', 'echo']]);
    expect(routing.interfaces).toEqual({ loopback: 'loopback', outside: 'loopback' });
    expect(sipInterfaces(DEFAULTS).map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });
});

describe('a full configuration', () => {
  const users = configuredUsers(FULL);
  const trunks = configuredTrunks(FULL);

  test('names every address that is ours', () => {
    expect(ownAddresses(FULL)).toEqual({
      domains: ['example.org', 'other.example'],
      hosts: ['127.0.0.1', '10.0.0.5', '198.51.100.7', 'localhost'],
      ports: [5070],
    });
  });

  test('opens SIP on every interface, advertised as it says', () => {
    expect(sipInterfaces(FULL)).toContainEqual({
      name: 'wan',
      transport: 'tcp',
      bindAddress: '10.0.0.5',
      port: 5070,
      advertisedAddress: '198.51.100.7',
      localNetworks: ['10.0.0.0/8'],
    });
    expect(sipOptions(FULL, 'ff').interfaces).toHaveLength(4);
  });

  test('reveals secrets to those who check them', () => {
    expect(users.credentials('causeway', 'alice@other.example')?.password).toBe('wonderland');
    expect(trunks.get('pbx')).toMatchObject({ credentials: { password: 'passphrase' } });
  });

  test('has its routes in order, each to its one target', () => {
    const { rules, interfaces } = configuredRouting(FULL, users, trunks);
    expect(rules.map(({ to }) => to)).toEqual([
      { kind: 'trunk', name: 'pbx' },
      { kind: 'reject', status: 603 },
      { kind: 'user', name: 'alice' },
      { kind: 'extension', name: 'echo' },
      { kind: 'as-dialled' },
    ]);
    expect(rules[0]!.match({ kind: 'client' }, '9123', 'x')).toBe('123');
    expect(interfaces).toEqual({ loopback: 'lo', outside: 'wan' });
  });
});
