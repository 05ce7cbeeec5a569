/** The verdict on every SIP request before any state is made. */
import { describe, expect, test } from '@jest/globals';
import { Users } from '../../../../gateway/account/users.ts';
import { authorise } from '../../../../gateway/routing/authorisation.ts';
import { Trunks } from '../../../../gateway/trunk/trunks.ts';
import { incomingInvite } from '../../../support/call/sip-events.ts';

const POLICY = {
  own: { domains: ['home.example'], hosts: ['127.0.0.1'], ports: [35_060] },
  users: new Users(
    [{ name: 'alice', password: 'x', codecs: [], mediaFromAnywhere: false }],
    'causeway',
  ),
  trunks: new Trunks([
    {
      name: 'pbx',
      targets: ['sip:192.0.2.50'],
      transport: 'udp',
      codecs: [],
      srtp: 'off',
      register: false,
      matchSources: [],
      mediaNetworks: [],
    },
  ]),
  realm: 'causeway',
  algorithms: ['MD5'],
} as const;

const ALICE = '<sip:alice@home.example>';
const BOB = '<sip:bob@far.example>';

function verdict(
  method: string,
  from: string,
  remoteAddress: string,
  username?: string,
  to?: string,
) {
  const { received } = incomingInvite({ method, from, remoteAddress, to });
  const authenticated = username === undefined ? undefined : { username, realm: 'causeway' };
  return authorise(POLICY, { received, authenticated });
}

describe('a request', () => {
  test.each([
    ['INVITE', BOB, '203.0.113.1', 'challenge'],
    ['INVITE', ALICE, '203.0.113.1', 'challenge'],
    ['INVITE', ALICE, '127.0.0.1', 'challenge'],
    ['INVITE', '<sip:alice@127.0.0.1>', '127.0.0.1', 'challenge'],
    ['INVITE', BOB, '127.0.0.1', 'accept'],
    ['INVITE', BOB, '192.0.2.50', 'accept'],
    ['REGISTER', ALICE, '127.0.0.1', 'challenge'],
    ['REGISTER', ALICE, '192.0.2.50', 'challenge'],
    ['OPTIONS', BOB, '203.0.113.1', 'accept'],
    ['MESSAGE', BOB, '203.0.113.1', 'challenge'],
  ])('%s from %s at %s: %s', (method, from, address, type) => {
    expect(verdict(method, from, address).type).toBe(type);
  });

  test('from a trunk is the trunk’s, one on loopback nobody’s', () => {
    expect(verdict('INVITE', BOB, '192.0.2.50')).toEqual({
      type: 'accept',
      identity: { kind: 'trunk', name: 'pbx' },
    });
    expect(verdict('INVITE', BOB, '127.0.0.1')).toMatchObject({ identity: { kind: 'anonymous' } });
  });

  test('is challenged alike whether or not the user exists', () => {
    const nobody = '<sip:nobody@home.example>';
    expect(verdict('INVITE', nobody, '203.0.113.1')).toEqual(
      verdict('INVITE', ALICE, '203.0.113.1'),
    );
  });
});

describe('a user who has proven to be one', () => {
  test('calls and registers as itself', () => {
    const accepted = { type: 'accept', identity: { kind: 'user', name: 'alice' } };
    expect(verdict('INVITE', ALICE, '203.0.113.1', 'alice')).toEqual(accepted);
    const own = 'sip:alice@home.example';
    expect(verdict('REGISTER', ALICE, '203.0.113.1', 'alice', own)).toEqual(accepted);
  });

  test('calls and registers as nobody else', () => {
    const refused = { type: 'reject', status: 403 };
    expect(verdict('INVITE', BOB, '203.0.113.1', 'alice')).toEqual(refused);
    const other = 'sip:bob@home.example';
    expect(verdict('REGISTER', ALICE, '203.0.113.1', 'alice', other)).toEqual(refused);
  });
});
