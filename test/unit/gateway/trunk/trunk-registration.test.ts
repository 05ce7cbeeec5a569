/** How trunks are registered with. */
import { describe, expect, test } from '@jest/globals';
import { trunkRegistration } from '../../../../gateway/trunk/trunk-registration.ts';
import type { Trunk } from '../../../../gateway/trunk/trunks.ts';

const TRUNK: Trunk = {
  name: 'pbx',
  targets: ['sip:pbx.example:5070', 'sip:other.example'],
  transport: 'tcp',
  interface: 'lan',
  codecs: ['pcmu'],
  srtp: 'off',
  credentials: { username: 'site7', password: 'secret' },
  register: true,
  matchSources: [],
  mediaNetworks: [],
};

describe('a trunk', () => {
  test('registers at its first target, as the user of its credentials', () => {
    expect(trunkRegistration(TRUNK)).toEqual({
      type: 'register',
      registration: 'trunk:pbx',
      registrarUri: 'sip:pbx.example:5070;transport=tcp',
      addressOfRecord: 'sip:site7@pbx.example',
      contactUser: 'site7',
      interfaceName: 'lan',
      account: 'trunk:pbx',
    });
  });

  test('escapes what a user name may hold and an address may not', () => {
    const credentials = { username: 'site7@home', password: 'secret' };
    expect(trunkRegistration({ ...TRUNK, credentials })?.addressOfRecord).toBe(
      'sip:site7%40home@pbx.example',
    );
  });

  test.each([
    ['it does not want to', { register: false }],
    ['it has no credentials', { credentials: undefined }],
    ['it has no target', { targets: [] }],
  ])('registers nowhere when %s', (_, more) => {
    expect(trunkRegistration({ ...TRUNK, ...more })).toBeUndefined();
  });
});
