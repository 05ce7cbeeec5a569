import { describe, expect, test } from '@jest/globals';
import { SrtpKeys } from '../../../../../gateway/media/transport/srtp-keys.ts';
import {
  SRTP_AUTHENTICATION_FAILED,
  SRTP_REPLAYED,
  type SrtpOptions,
} from '../../../../../gateway/native/contract.ts';
import { writeRtpHeader } from '../../../../../gateway/wire/rtp/header.ts';
import { sdesKey } from '../../../../sim/media/support/simulated-keyed-phone.ts';
import { SimulatedSrtp } from '../../../../sim/media/support/simulated-srtp.ts';

function keyed() {
  const arena = new Uint8Array(256);
  const srtp = new SimulatedSrtp(arena);
  const [near, far] = [new SrtpKeys(srtp), new SrtpKeys(srtp)];
  const packet = (sequence: number) => {
    arena.fill(0);
    writeRtpHeader(arena, 0, false, 0, sequence, 0, 1);
    return near.protectRtp(0, 32);
  };
  return { srtp, near, far, packet };
}

describe('the SRTP keys of a leg', () => {
  test('are none before they are agreed', () => {
    const { near } = keyed();
    expect([near.canSend, near.canReceive]).toEqual([false, false]);
  });

  test('by SDES protect for the other side, and the other side for us', () => {
    const { near, far, packet } = keyed();
    near.useSdes(sdesKey(1), sdesKey(2));
    far.useSdes(sdesKey(2), sdesKey(1));
    expect(far.unprotectRtp(0, packet(1))).toBe(32);
  });

  test('by SDES carry the identifier that was agreed, in both directions', () => {
    const opened: SrtpOptions[] = [];
    const srtp = new SimulatedSrtp(new Uint8Array(256));
    const open = srtp.open.bind(srtp);
    srtp.open = (options) => {
      opened.push(options);
      return open(options);
    };
    const keys = new SrtpKeys(srtp);
    keys.useSdes({ ...sdesKey(1), mkiHex: '0001' }, { ...sdesKey(2), mkiHex: '0001' });
    expect(opened.map(({ mki }) => mki)).toEqual([Buffer.from([0, 1]), Buffer.from([0, 1])]);
    keys.useSdes({ ...sdesKey(1), mkiHex: '0001' }, sdesKey(2));
    expect(opened.map(({ direction }) => direction)).toEqual(['protect', 'unprotect', 'unprotect']);
    expect(opened[2]).not.toHaveProperty('mki');
  });

  test('offered again keep their replay window, changed ones start anew', () => {
    const { near, far, packet, srtp } = keyed();
    near.useSdes(sdesKey(1), sdesKey(2));
    far.useSdes(sdesKey(2), sdesKey(1));
    const length = packet(1);
    far.unprotectRtp(0, length);
    far.useSdes(sdesKey(2), sdesKey(1));
    near.useSdes(sdesKey(1), sdesKey(2));
    expect(packet(1)).toBe(SRTP_REPLAYED);
    expect(srtp.openContexts).toBe(4);
    near.useSdes(sdesKey(3), sdesKey(2));
    expect(packet(1)).toBeGreaterThan(32);
  });

  test('keep the old receive key as a second when a new one comes, one deep', () => {
    const { near, far, packet, srtp } = keyed();
    near.useSdes(sdesKey(1), sdesKey(2));
    far.useSdes(sdesKey(2), sdesKey(1));
    far.useSdes(sdesKey(2), sdesKey(4));
    expect(far.unprotectRtp(0, packet(1))).toBe(32);
    far.useSdes(sdesKey(2), sdesKey(5));
    expect(far.unprotectRtp(0, packet(2))).toBe(SRTP_AUTHENTICATION_FAILED);
    far.close();
    near.close();
    near.close();
    expect(srtp.openContexts).toBe(0);
  });

  test('by DTLS are what was exported', () => {
    const { near, far, packet } = keyed();
    const [a, b, c, d] = [1, 2, 3, 4].map((octet) => new Uint8Array(14).fill(octet)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const profile = 'AES_CM_128_HMAC_SHA1_80';
    near.useDtls({ profile, localKey: a, localSalt: b, remoteKey: c, remoteSalt: d });
    far.useDtls({ profile, localKey: c, localSalt: d, remoteKey: a, remoteSalt: b });
    expect(far.unprotectRtp(0, packet(1))).toBe(32);
  });
});
