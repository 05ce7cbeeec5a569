/** What accounts allow their legs. */
import { describe, expect, test } from '@jest/globals';
import { Users } from '../../../../gateway/account/users.ts';
import { legPolicyOf } from '../../../../gateway/call/leg-policy.ts';
import { Trunks } from '../../../../gateway/trunk/trunks.ts';

const users = new Users([{ name: 'alice', codecs: ['opus'], mediaFromAnywhere: true }], 'realm');
const trunks = new Trunks([
  {
    name: 'pbx',
    targets: ['sip:192.0.2.1'],
    transport: 'udp',
    codecs: ['pcma'],
    srtp: 'required',
    register: false,
    matchSources: [],
    mediaNetworks: ['192.0.2.0/24'],
  },
]);

describe('the policy of a leg', () => {
  test.each([
    [{ kind: 'anonymous', name: '' }, undefined],
    [{ kind: 'user', name: 'nobody' }, undefined],
    [{ kind: 'trunk', name: 'nobody' }, undefined],
    [
      { kind: 'user', name: 'alice' },
      { codecs: ['opus'], mediaNetworks: [], anySource: true, srtpRequired: false },
    ],
    [
      { kind: 'trunk', name: 'pbx' },
      { codecs: ['pcma'], mediaNetworks: ['192.0.2.0/24'], anySource: false, srtpRequired: true },
    ],
  ] as const)('of %j is %j', (identity, policy) => {
    expect(legPolicyOf(identity, users, trunks)).toEqual(policy);
  });
});
