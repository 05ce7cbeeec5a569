/** Where registered users are reached. */
import { describe, expect, test } from '@jest/globals';
import { Location } from '../../../../gateway/account/location.ts';
import type { Binding } from '../../../../gateway/sip/endpoint-contract.ts';

function binding(contact: string, q = 1_000): Binding {
  return {
    addressOfRecord: 'sip:alice@example.org',
    contact,
    q,
    expiresAt: 60_000,
    callId: 'c',
    cseq: 1,
    destination: { transport: 'udp', address: '192.0.2.7', port: 5080 },
    interfaceName: 'lan',
    identity: { kind: 'user', name: 'alice' },
    path: [],
  };
}

const KEY = 'sip:alice@example.org sip:a@1';

describe('location', () => {
  test('knows the bindings of a user, the preferred first, and where each was seen', () => {
    const location = new Location();
    location.apply({ type: 'added', binding: binding('sip:a@1', 500) });
    location.apply({ type: 'added', binding: binding('sip:a@2') });
    const contacts = location.ofUser('alice').map(({ contact }) => contact);
    expect(contacts).toEqual(['sip:a@2', 'sip:a@1']);
    expect(location.destinationOf(KEY)).toMatchObject({ address: '192.0.2.7', port: 5080 });
    expect(location.ofUser('bob')).toEqual([]);
  });

  test.each(['removed', 'expired', 'flow-lost'] as const)('forgets what was %s', (type) => {
    const location = new Location();
    location.apply({ type: 'added', binding: binding('sip:a@1') });
    location.apply({ type, binding: binding('sip:a@1') });
    expect(location.ofUser('alice')).toEqual([]);
    expect(location.destinationOf(KEY)).toBeUndefined();
    expect(location.size).toBe(0);
  });

  test('takes a refresh for the same binding', () => {
    const location = new Location();
    location.apply({ type: 'added', binding: binding('sip:a@1') });
    location.apply({ type: 'refreshed', binding: binding('sip:a@1') });
    expect(location.size).toBe(1);
  });

  test('is restored from its snapshot', () => {
    const location = new Location([binding('sip:a@1')]);
    const restored = new Location(JSON.parse(JSON.stringify(location.snapshot())));
    expect(restored.ofUser('alice')).toEqual(location.ofUser('alice'));
  });
});
