import { describe, expect, test } from '@jest/globals';
import {
  HEADROOM_BYTES,
  SLOT_BYTES,
  SRTP_AUTHENTICATION_FAILED,
  SRTP_NO_ROOM,
  SRTP_REPLAYED,
  type SrtpDirection,
  type SrtpHandle,
  type SrtpOptions,
  type SrtpProfile,
} from '../../../gateway/native/contract.ts';
import { loadNative } from '../../../gateway/native/load.ts';

const native = loadNative();
const arena = native.createArena(4);
const srtp = native.openSrtp(arena);

const KEY_BYTES: { readonly [profile in SrtpProfile]: readonly [number, number] } = {
  AES_CM_128_HMAC_SHA1_80: [16, 14],
  AES_CM_128_HMAC_SHA1_32: [16, 14],
  AES_256_CM_HMAC_SHA1_80: [32, 14],
  AES_256_CM_HMAC_SHA1_32: [32, 14],
  AEAD_AES_128_GCM: [16, 12],
  AEAD_AES_256_GCM: [32, 12],
};
const PROFILES = Object.keys(KEY_BYTES) as SrtpProfile[];
const SSRC = 0xfedcba98;
const withCode = (code: string) => expect.objectContaining({ code });

function optionsFor(profile: SrtpProfile, direction: SrtpDirection): SrtpOptions {
  const [key, salt] = KEY_BYTES[profile];
  return {
    profile,
    direction,
    masterKey: new Uint8Array(key).fill(1),
    masterSalt: new Uint8Array(salt).fill(2),
  };
}

const open = (profile: SrtpProfile, direction: SrtpDirection): SrtpHandle =>
  srtp.open(optionsFor(profile, direction));

/** Writes an RTP packet of 172 octets behind a slot's headroom. */
function writeRtp(sequence: number): number {
  const view = new DataView(arena.buffer, arena.byteOffset + HEADROOM_BYTES, 172);
  for (let i = 0; i < 172; i += 1) view.setUint8(i, i);
  view.setUint16(0, 0x8000);
  view.setUint16(2, sequence);
  view.setUint32(8, SSRC);
  return 172;
}

const packet = (length: number): Buffer =>
  Buffer.from(arena.subarray(HEADROOM_BYTES, HEADROOM_BYTES + length));

describe('SRTP in the arena', () => {
  test.each(PROFILES)('%s protects and unprotects in place', (profile) => {
    const sender = open(profile, 'protect');
    const receiver = open(profile, 'unprotect');
    for (const sequence of [65534, 65535, 0, 1]) {
      const length = writeRtp(sequence);
      const plain = packet(length);
      const sealed = srtp.protectRtp(sender, HEADROOM_BYTES, length);
      expect(sealed).toBeGreaterThan(length);
      expect(packet(length).subarray(12)).not.toEqual(plain.subarray(12));
      expect(srtp.unprotectRtp(receiver, HEADROOM_BYTES, sealed)).toBe(length);
      expect(packet(length)).toEqual(plain);
    }
    expect(srtp.streamState(receiver, SSRC)).toEqual({
      rolloverCounter: 1,
      highestSequence: 1,
      rtcpIndex: -1,
      rtpStarted: true,
    });
    srtp.close(sender);
    srtp.close(receiver);
  });

  test.each(PROFILES)('%s protects and unprotects SRTCP', (profile) => {
    const sender = open(profile, 'protect');
    const receiver = open(profile, 'unprotect');
    writeRtp(0);
    const plain = packet(40);
    const sealed = srtp.protectRtcp(sender, HEADROOM_BYTES, 40);
    const wire = packet(sealed);
    expect(srtp.unprotectRtcp(receiver, HEADROOM_BYTES, sealed)).toBe(40);
    expect(packet(40)).toEqual(plain);
    arena.set(wire, HEADROOM_BYTES);
    expect(srtp.unprotectRtcp(receiver, HEADROOM_BYTES, sealed)).toBe(SRTP_REPLAYED);
  });

  test('tells an altered packet from a replayed one, and leaves both as they were', () => {
    const sender = open('AEAD_AES_128_GCM', 'protect');
    const receiver = open('AEAD_AES_128_GCM', 'unprotect');
    const sealed = srtp.protectRtp(sender, HEADROOM_BYTES, writeRtp(5));
    const wire = packet(sealed);
    arena[HEADROOM_BYTES + 20] = (arena[HEADROOM_BYTES + 20] as number) ^ 1;
    const altered = packet(sealed);
    const unprotect = () => srtp.unprotectRtp(receiver, HEADROOM_BYTES, sealed);
    expect(unprotect()).toBe(SRTP_AUTHENTICATION_FAILED);
    expect(packet(sealed)).toEqual(altered);
    arena.set(wire, HEADROOM_BYTES);
    expect(unprotect()).toBe(172);
    arena.set(wire, HEADROOM_BYTES);
    expect(unprotect()).toBe(SRTP_REPLAYED);
    expect(packet(sealed)).toEqual(wire);
  });

  test('never writes beyond a slot', () => {
    const sender = open('AES_CM_128_HMAC_SHA1_80', 'protect');
    writeRtp(1);
    const most = SLOT_BYTES - HEADROOM_BYTES;
    expect(srtp.protectRtp(sender, HEADROOM_BYTES, most - 9)).toBe(SRTP_NO_ROOM);
    expect(srtp.protectRtp(sender, HEADROOM_BYTES, most - 10)).toBe(most);
  });

  test('hands an index over to a context with the same key', () => {
    const before = open('AES_CM_128_HMAC_SHA1_80', 'protect');
    srtp.protectRtp(before, HEADROOM_BYTES, writeRtp(1000));
    const state = srtp.streamState(before, SSRC);
    const after = open('AES_CM_128_HMAC_SHA1_80', 'protect');
    srtp.setStreamState(after, SSRC, state as NonNullable<typeof state>);
    expect(srtp.protectRtp(after, HEADROOM_BYTES, writeRtp(1000))).toBe(SRTP_REPLAYED);
    expect(srtp.protectRtp(after, HEADROOM_BYTES, writeRtp(1001))).toBe(182);
    expect(srtp.streamState(after, 5)).toBeUndefined();
  });

  test('refuses a stale handle, the other direction, and what is no arena', () => {
    const sender = open('AES_CM_128_HMAC_SHA1_80', 'protect');
    const unprotect = () => srtp.unprotectRtp(sender, HEADROOM_BYTES, 172);
    expect(unprotect).toThrow(withCode('native.wrong_direction'));
    srtp.close(sender);
    expect(unprotect).toThrow(withCode('native.stale_handle'));
    expect(() => native.openSrtp(new Uint8Array(2048))).toThrow(withCode('native.bad_argument'));
    expect(() => native.openSrtp(arena.subarray(1))).toThrow(withCode('native.bad_argument'));
    expect(() => native.createArena(0)).toThrow(withCode('native.out_of_range'));
  });

  test.each<[string, Partial<SrtpOptions>]>([
    ['native.bad_argument', { profile: 'NULL_HMAC_SHA1_80' as never }],
    ['native.bad_argument', { direction: 'both' as never }],
    ['native.out_of_range', { masterKey: new Uint8Array(15) }],
    ['native.out_of_range', { masterSalt: new Uint8Array(12) }],
    ['native.bad_argument', { masterKey: 'secret' as never }],
    ['native.out_of_range', { mki: new Uint8Array(5) }],
    ['native.out_of_range', { replayWindow: 32 }],
    ['native.out_of_range', { maxStreams: 0 }],
  ])('throws %s for %p', (code, wrong) => {
    const options = { ...optionsFor('AES_CM_128_HMAC_SHA1_80', 'protect'), ...wrong };
    expect(() => srtp.open(options)).toThrow(withCode(code));
  });
});
