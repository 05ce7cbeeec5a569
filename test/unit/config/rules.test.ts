/** Rules between values: each is broken once, alone, and is told at the right place. */
import { describe, expect, test } from '@jest/globals';
import { camelCased } from '../../../config/camel-case.ts';
import { violations, warnings } from '../../../config/rules.ts';
import { configurationSchema } from '../../../config/schema.ts';

const alice = { name: 'alice', password: 'x' };
const carrier = { name: 'carrier', targets: ['sip:192.0.2.1'] };

function broken(tree: unknown) {
  return violations(configurationSchema.parse(tree)).map(({ path }) => path.join('.'));
}

describe('rules of the configuration', () => {
  test('the defaults break none', () => {
    expect(broken({})).toEqual([]);
  });

  test.each([
    ['two users of one name and domain', { users: [alice, alice] }, 'users.1.name'],
    ['two trunks of one name', { trunks: [carrier, carrier] }, 'trunks.1.name'],
    ['a user without password or HA1', { users: [{ name: 'a' }] }, 'users.0'],
    ['a user with both', { users: [{ ...alice, ha1: 'f'.repeat(32) }] }, 'users.0'],
    [
      'an interface that is not there',
      { users: [{ ...alice, interface: 'x' }] },
      'users.0.interface',
    ],
    ['a route to nothing', { routes: [{ to: {} }] }, 'routes.0.to'],
    [
      'a route to two things',
      { users: [alice], routes: [{ to: { user: 'alice', reject: 404 } }] },
      'routes.0.to',
    ],
    ['a route to a missing trunk', { routes: [{ to: { trunk: 'x' } }] }, 'routes.0.to.trunk'],
    [
      'a route from a missing user',
      { routes: [{ from: 'user:x', to: { reject: 404 } }] },
      'routes.0.from',
    ],
    ['a certificate without its key', { https: { certificate_file: 'x' } }, 'https'],
    [
      'registering without credentials',
      { trunks: [{ ...carrier, register: true }] },
      'trunks.0.register',
    ],
    [
      'a wildcard that advertises nothing',
      { interfaces: [{ name: 'i', bind: '0.0.0.0' }] },
      'interfaces.0.advertise',
    ],
    [
      'a minimum above the usual time',
      { sip: { registration_seconds: 60, registration_minimum_seconds: 61 } },
      'sip.registration_minimum_seconds',
    ],
    ['SIP on an RTP port', { sip: { port: 20_000 } }, 'sip.port'],
    ['WebRTC on an RTP port', { webrtc: { port: 29_999 } }, 'webrtc.port'],
    ['WebRTC on the SIP port', { webrtc: { port: 5_060 } }, 'webrtc.port'],
    ['HTTPS on the HTTP port', { https: { port: 8_080 } }, 'https.port'],
    [
      'a data directory too deep for sockets in it',
      { data_directory: `/${'é'.repeat(44)}` },
      'data_directory',
    ],
  ])('%s is a violation', (_, tree, path) => {
    expect(broken(tree)).toEqual([path]);
  });

  test('a data directory is as deep as the longest socket in it has room', () => {
    const data_directory = `/${'d'.repeat(87)}`;
    expect(broken({ data_directory })).toEqual([]);
    expect(`${data_directory}/run/media-255.sock`).toHaveLength(107);
  });

  test('users of one name in two domains are two users', () => {
    const users = [
      { ...alice, domain: 'a.example' },
      { ...alice, domain: 'b.example' },
    ];
    expect(broken({ users })).toEqual([]);
  });

  test('SRTP on a trunk without TLS is allowed and warned of', () => {
    const written = configurationSchema.parse({
      trunks: [
        { ...carrier, srtp: 'required' },
        { ...carrier, name: 'b' },
      ],
    });
    expect(warnings(camelCased(written))).toEqual([expect.stringContaining('trunk carrier')]);
  });
});
