import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { DtlsHandle, DtlsRole } from '../../../gateway/native/contract.ts';
import { loadNative } from '../../../gateway/native/load.ts';

const native = loadNative();
const dtls = native.openDtls();
const identity = dtls.createIdentity();
const withCode = (code: string) => expect.objectContaining({ code });

const open = (role: DtlsRole) => dtls.open({ identity: identity.handle, role });

/** Carries datagrams between two associations until neither has any. */
function connect(client: DtlsHandle, server: DtlsHandle): void {
  const carry = (from: DtlsHandle, to: DtlsHandle): boolean => {
    const datagram = dtls.takeOutgoing(from);
    if (datagram !== undefined) dtls.receive(to, datagram);
    return datagram !== undefined;
  };
  while (carry(client, server) || carry(server, client)) {}
}

describe('DTLS', () => {
  test("runs on Node's own OpenSSL", () => {
    expect(native.openSslVersion).toBe(process.versions.openssl);
  });

  test('connects two ends that export the same keys', () => {
    const client = open('client');
    const server = open('server');
    expect(dtls.timeoutMillis(client)).toBeGreaterThan(0);
    expect(dtls.timeoutMillis(server)).toBe(-1);
    connect(client, server);
    expect([dtls.status(client), dtls.status(server)]).toEqual(['connected', 'connected']);
    const ours = dtls.exportSrtp(client);
    const theirs = dtls.exportSrtp(server);
    expect(ours.profile).toBe('AEAD_AES_128_GCM');
    expect(ours.localKey).toEqual(theirs.remoteKey);
    expect(ours.remoteKey).toEqual(theirs.localKey);
    expect(ours.localSalt).toEqual(theirs.remoteSalt);
    expect([ours.localKey.length, ours.localSalt.length]).toEqual([16, 12]);
    expect(dtls.peerFingerprint(client, 'sha-256')).toBe(identity.fingerprints['sha-256']);
    dtls.shutdown(client);
    connect(client, server);
    expect([dtls.status(client), dtls.status(server)]).toEqual(['closed', 'closed']);
    expect(dtls.failure(client)).toBeUndefined();
    dtls.close(client);
    dtls.close(server);
  });

  test('makes fingerprints as SDP wants them', () => {
    expect(identity.fingerprints['sha-256']).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(identity.fingerprints['sha-1']).toMatch(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/);
    const other = dtls.createIdentity();
    expect(other.fingerprints['sha-256']).not.toBe(identity.fingerprints['sha-256']);
    dtls.closeIdentity(other.handle);
  });

  test('lets associations outlive their identity', () => {
    const brief = dtls.createIdentity();
    const client = dtls.open({ identity: brief.handle, role: 'client' });
    dtls.closeIdentity(brief.handle);
    const server = open('server');
    connect(client, server);
    expect(dtls.peerFingerprint(server, 'sha-256')).toBe(brief.fingerprints['sha-256']);
    expect(() => dtls.open({ identity: brief.handle, role: 'client' })).toThrow(
      withCode('native.stale_handle'),
    );
  });

  test('says why it failed', () => {
    const client = dtls.open({
      identity: identity.handle,
      role: 'client',
      profiles: ['AEAD_AES_256_GCM'],
    });
    const server = dtls.open({
      identity: identity.handle,
      role: 'server',
      profiles: ['AES_CM_128_HMAC_SHA1_80'],
    });
    connect(client, server);
    expect(dtls.status(server)).toBe('failed');
    expect(dtls.failure(server)).toEqual(expect.stringMatching(/\w/));
  });

  test("leaves nothing in the error queue that Node's own crypto would find", () => {
    const server = open('server');
    for (const first of [20, 21, 22, 23]) {
      dtls.receive(server, Uint8Array.from([first, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    }
    const failing = open('client');
    dtls.receive(failing, Buffer.from('15fefd000000000000000000020228', 'hex'));
    expect(dtls.status(failing)).toBe('failed');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => createSign('sha256').update('x').sign(privateKey)).not.toThrow();
  });

  test('has no keys before the end', () => {
    const client = open('client');
    expect(() => dtls.exportSrtp(client)).toThrow(withCode('native.not_connected'));
    expect(() => dtls.peerFingerprint(client, 'sha-256')).toThrow(withCode('native.not_connected'));
    dtls.close(client);
    expect(() => dtls.status(client)).toThrow(withCode('native.stale_handle'));
  });

  test.each<[string, string, object]>([
    ['native.bad_argument', 'a role', { role: 'peer' }],
    ['native.out_of_range', 'an MTU', { mtu: 100 }],
    ['native.out_of_range', 'no profiles', { profiles: [] }],
    ['native.bad_argument', 'a profile', { profiles: ['AES_256_CM_HMAC_SHA1_80'] }],
    ['native.stale_handle', 'an identity', { identity: 12345 }],
  ])('throws %s for %s that it has not', (code, _what, wrong) => {
    const options = { identity: identity.handle, role: 'client', ...wrong } as never;
    expect(() => dtls.open(options)).toThrow(withCode(code));
  });
});
