/** STUN messages as received. */

import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parseStun } from '../../../../../gateway/wire/stun/parse.ts';
import { ipv4Success, ipv6Success, octets, request, transactionId } from './vectors.ts';

const HEADER = '2112a442 000000000000000000000000';

/** A request made of attribute octets, without integrity and fingerprint. */
function requestWith(attributes: string): Uint8Array {
  const body = octets(attributes);
  const length = body.length.toString(16).padStart(4, '0');
  return octets(`0001${length}${HEADER}${Buffer.from(body).toString('hex')}`);
}

function parsed(bytes: Uint8Array) {
  const result = parseStun(bytes);
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
}

function faultOf(bytes: Uint8Array): string | undefined {
  const result = parseStun(bytes);
  return result.ok ? undefined : result.fault.code;
}

describe('The vectors of RFC 5769 are understood', () => {
  test('the request of §2.1', () => {
    const message = parsed(request);
    expect(message).toMatchObject({
      class: 'request',
      method: 1,
      username: 'evtj:h6vY',
      priority: 0x6e0001ff,
      iceControlled: 0x932ff9b151263b36n,
      useCandidate: false,
      integrityAt: 76,
      fingerprinted: true,
      unknownRequired: [],
    });
    expect(message.transactionId).toEqual(transactionId);
    expect(message.iceControlling).toBeUndefined();
  });

  test('the IPv4 answer of §2.2', () => {
    expect(parsed(ipv4Success)).toMatchObject({
      class: 'success',
      mappedAddress: { address: '192.0.2.1', port: 32853 },
    });
  });

  test('the IPv6 answer of §2.3', () => {
    expect(parsed(ipv6Success).mappedAddress).toEqual({
      address: '2001:db8:1234:5678:11:2233:4455:6677',
      port: 32853,
    });
  });
});

test('a message is read at an offset of a larger buffer', () => {
  const arena = new Uint8Array(400);
  arena.set(request, 100);
  expect(parseStun(arena, 100, request.length).ok).toBe(true);
  expect(parseStun(arena, 350, request.length).ok).toBe(false);
});

test.each([
  ['0001', 'request'],
  ['0011', 'indication'],
  ['0101', 'success'],
  ['0111', 'error'],
])('message type %s is a Binding %s', (type, expected) => {
  const message = parsed(octets(`${type}0000${HEADER}`));
  expect([message.class, message.method]).toEqual([expected, 1]);
});

test('the method is put together around the class bits', () => {
  expect(parsed(octets(`3eef0000${HEADER}`))).toMatchObject({ class: 'request', method: 0xfff });
});

describe('Attributes', () => {
  test('that are unknown and optional are ignored', () => {
    expect(parsed(requestWith('c057 0004 00000001')).unknownRequired).toEqual([]);
  });

  test('that are unknown and required are listed for a 420', () => {
    const message = parsed(requestWith('7fff 0001 01000000 0003 0004 00000000'));
    expect(message.unknownRequired).toEqual([0x7fff, 0x0003]);
  });

  test('count the first time only', () => {
    expect(parsed(requestWith('0024 0004 00000001 0024 0004 00000002')).priority).toBe(1);
  });

  test('behind MESSAGE-INTEGRITY say nothing', () => {
    const integrity = `0008 0014 ${'00'.repeat(20)}`;
    const message = parsed(requestWith(`${integrity} 0025 0000 7fff 0000`));
    expect([message.useCandidate, message.unknownRequired]).toEqual([false, []]);
  });

  test('tell a nomination and the controlling role', () => {
    const message = parsed(requestWith('0025 0000 802a 0008 ffffffffffffffff'));
    expect([message.useCandidate, message.iceControlling]).toEqual([true, 2n ** 64n - 1n]);
  });

  test('tell an error and the attributes it is about', () => {
    const message = parsed(
      octets(`01110014${HEADER} 0009 0007 00000414 626164 00 000a 0004 7fff 0003`),
    );
    expect(message.errorCode).toEqual({ code: 420, reason: 'bad' });
    expect(message.unknownAttributes).toEqual([0x7fff, 0x0003]);
  });

  test('XOR-MAPPED-ADDRESS wins over MAPPED-ADDRESS wherever it stands', () => {
    const plain = '0001 0008 0001 0050 7f000001';
    const xored = '0020 0008 0001 2140 5e12a443';
    expect(parsed(requestWith(plain)).mappedAddress).toEqual({ address: '127.0.0.1', port: 80 });
    const expected = { address: '127.0.0.1', port: 82 };
    for (const order of [plain + xored, xored + plain]) {
      expect(parsed(requestWith(order)).mappedAddress).toEqual(expected);
    }
  });
});

describe('A stranger’s octets are refused with a reason', () => {
  test.each([
    ['nineteen octets', request.subarray(0, 19), 'stun.not_stun'],
    ['top bits set', request.with(0, 0x80), 'stun.not_stun'],
    ['no magic cookie', request.with(4, 0), 'stun.not_stun'],
    ['a length that is no multiple of four', request.with(3, 0x59), 'stun.length'],
    ['a length beyond the datagram', request.with(3, 0x5c), 'stun.length'],
    ['a length short of the datagram', request.with(3, 0x54), 'stun.length'],
    ['an attribute that overruns', requestWith('0006 0005 41414141'), 'stun.attribute'],
    ['a wrong fingerprint', request.with(request.length - 1, 0), 'stun.fingerprint'],
    ['a changed octet under the fingerprint', request.with(30, 0), 'stun.fingerprint'],
    ['a fingerprint of five octets', requestWith('8028 0005 0000000000000000'), 'stun.fingerprint'],
    ['a priority of three octets', requestWith('0024 0003 00000000'), 'stun.attribute'],
    ['a tie-breaker of four octets', requestWith('802a 0004 00000000'), 'stun.attribute'],
    ['a controlled tie-breaker of none', requestWith('8029 0000'), 'stun.attribute'],
    ['a nomination with a value', requestWith('0025 0004 00000000'), 'stun.attribute'],
    [
      'an integrity of nineteen octets',
      requestWith(`0008 0013 ${'00'.repeat(20)}`),
      'stun.attribute',
    ],
    ['an address of family 3', requestWith('0020 0008 0003 0000 00000000'), 'stun.attribute'],
    [
      'an IPv6 address of four octets',
      requestWith('0020 0008 0002 0000 00000000'),
      'stun.attribute',
    ],
    ['an error code of 200', requestWith('0009 0004 00000200'), 'stun.attribute'],
    ['an odd list of unknown attributes', requestWith('000a 0003 00000000'), 'stun.attribute'],
    ['a user name of 509 octets', requestWith(`0006 01fd ${'41'.repeat(512)}`), 'stun.attribute'],
    ['33 attributes', requestWith('c057 0000'.repeat(33)), 'stun.too_many_attributes'],
    ['1504 octets', requestWith(`c057 05c8 ${'00'.repeat(1480)}`), 'stun.length'],
  ])('%s', (_why, bytes, code) => {
    expect(faultOf(bytes)).toBe(code);
  });

  test('anything behind the fingerprint', () => {
    const bytes = requestWith('8028 0004 00000000 0025 0000');
    const crc = (crc32(bytes.subarray(0, 20)) ^ 0x5354554e) >>> 0;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(24, crc);
    expect(faultOf(bytes)).toBe('stun.attribute');
  });
});
