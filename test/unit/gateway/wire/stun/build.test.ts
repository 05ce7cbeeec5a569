/** STUN messages that we send. */
import { describe, expect, test } from '@jest/globals';
import {
  buildBindingError,
  buildBindingRequest,
  buildBindingSuccess,
} from '../../../../../gateway/wire/stun/build.ts';
import { hasIntegrity } from '../../../../../gateway/wire/stun/integrity.ts';
import { parseStun } from '../../../../../gateway/wire/stun/parse.ts';
import { ipv4Success, ipv6Success, password, transactionId } from './vectors.ts';

function read(bytes: Uint8Array) {
  const result = parseStun(bytes);
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
}

/** Where XOR-MAPPED-ADDRESS stands in the vectors, behind SOFTWARE. */
const VECTOR_ADDRESS_AT = 36;

describe('A success', () => {
  test.each([
    ['192.0.2.1', ipv4Success, 12],
    ['2001:db8:1234:5678:11:2233:4455:6677', ipv6Success, 24],
  ])('hides the address %s as RFC 5769 does', (address, vector, length) => {
    const mapped = { address, port: 32853 };
    const bytes = buildBindingSuccess({ transactionId, mapped, key: password });
    expect(bytes.subarray(20, 20 + length)).toEqual(
      vector.subarray(VECTOR_ADDRESS_AT, VECTOR_ADDRESS_AT + length),
    );
    const message = read(bytes);
    expect(message).toMatchObject({ class: 'success', mappedAddress: mapped, fingerprinted: true });
    expect(message.transactionId).toEqual(transactionId);
    expect(hasIntegrity(message, password)).toBe(true);
  });

  test('is not made for what is no address: our own mistake', () => {
    const mapped = { address: 'host.invalid', port: 1 };
    expect(() => buildBindingSuccess({ transactionId, mapped, key: 'k' })).toThrow(RangeError);
  });
});

describe('A request', () => {
  const base = {
    transactionId,
    username: 'remote:local',
    key: password,
    priority: 0x6e0001ff,
    tieBreaker: 0xfedcba9876543210n,
  };

  test('of the controlling side nominates', () => {
    const message = read(buildBindingRequest({ ...base, role: 'controlling', useCandidate: true }));
    expect(message).toMatchObject({
      class: 'request',
      method: 1,
      username: 'remote:local',
      priority: 0x6e0001ff,
      iceControlling: 0xfedcba9876543210n,
      useCandidate: true,
      fingerprinted: true,
      unknownRequired: [],
    });
    expect(message.iceControlled).toBeUndefined();
    expect(hasIntegrity(message, password)).toBe(true);
  });

  test('of the controlled side does not', () => {
    const message = read(buildBindingRequest({ ...base, role: 'controlled', useCandidate: false }));
    expect(message.iceControlled).toBe(0xfedcba9876543210n);
    expect(message.useCandidate).toBe(false);
  });

  test('needs a transaction id of twelve octets', () => {
    const short = { ...base, transactionId: new Uint8Array(11) };
    expect(() =>
      buildBindingRequest({ ...short, role: 'controlled', useCandidate: false }),
    ).toThrow(RangeError);
  });
});

describe('An error', () => {
  test('names what was not understood', () => {
    const message = read(
      buildBindingError({
        transactionId,
        code: 420,
        reason: 'Unknown Attribute',
        unknownAttributes: [0x7fff, 0x0003, 0x0017],
        key: password,
      }),
    );
    expect(message.errorCode).toEqual({ code: 420, reason: 'Unknown Attribute' });
    expect(message.unknownAttributes).toEqual([0x7fff, 0x0003, 0x0017]);
    expect(hasIntegrity(message, password)).toBe(true);
  });

  test('carries no integrity where nothing could be authenticated', () => {
    const message = read(
      buildBindingError({ transactionId, code: 401, reason: 'Unauthenticated' }),
    );
    expect(message).toMatchObject({ class: 'error', errorCode: { code: 401 } });
    expect(message.integrityAt).toBeUndefined();
  });
});
