/** BYE. */
import { expect, test } from '@jest/globals';
import { buildGoodbye } from '../../../../../gateway/wire/rtcp/goodbye.ts';
import { faultOf, octets, parseOne } from './octets.ts';

test('a BYE with a reason is read and written', () => {
  const bytes = octets('82cb0004 00000001 fffffffe 06 74656172 2021 00');
  const goodbye = { type: 'goodbye', sources: [1, 0xfffffffe], reason: 'tear !' } as const;
  expect(parseOne(bytes)).toEqual(goodbye);
  expect(buildGoodbye(goodbye)).toEqual(bytes);
});

test('a BYE without a reason is read and written', () => {
  const bytes = octets('81cb0001 00000001');
  expect(parseOne(bytes)).toEqual({ type: 'goodbye', sources: [1] });
  expect(buildGoodbye({ type: 'goodbye', sources: [1] })).toEqual(bytes);
});

test('a BYE of nobody is legal (RFC 3550 §6.6)', () => {
  expect(parseOne(octets('80cb0000'))).toEqual({ type: 'goodbye', sources: [] });
});

test('a BYE whose sources or reason overrun is refused', () => {
  expect(faultOf(octets('82cb0001 00000001'))).toBe('rtcp.truncated');
  expect(faultOf(octets('81cb0002 00000001 04616263'))).toBe('rtcp.truncated');
});

test('neither 32 sources nor 256 octets of reason fit: our own mistake', () => {
  const sources = new Array(32).fill(1);
  expect(() => buildGoodbye({ type: 'goodbye', sources })).toThrow(RangeError);
  const reason = 'x'.repeat(256);
  expect(() => buildGoodbye({ type: 'goodbye', sources: [1], reason })).toThrow(RangeError);
});
