/** MESSAGE-INTEGRITY. */
import { expect, test } from '@jest/globals';
import { hasIntegrity, integrityOf } from '../../../../../gateway/wire/stun/integrity.ts';
import type { StunMessage } from '../../../../../gateway/wire/stun/message.ts';
import { parseStun } from '../../../../../gateway/wire/stun/parse.ts';
import { ipv4Success, ipv6Success, octets, password, request } from './vectors.ts';

function message(bytes: Uint8Array): StunMessage {
  const result = parseStun(bytes);
  if (!result.ok) throw new Error(result.fault.code);
  return result.value;
}

test.each([
  ['§2.1', request],
  ['§2.2', ipv4Success],
  ['§2.3', ipv6Success],
])('the vector of RFC 5769 %s is authentic under its password and no other', (_section, bytes) => {
  expect(hasIntegrity(message(bytes), password)).toBe(true);
  expect(hasIntegrity(message(bytes), `${password}x`)).toBe(false);
  expect(hasIntegrity(message(bytes), '')).toBe(false);
});

test('a message without the attribute is never authentic', () => {
  const bare = octets('00010000 2112a442 000000000000000000000000');
  expect(hasIntegrity(message(bare), password)).toBe(false);
});

test('a change anywhere before the attribute shows, one behind it does not', () => {
  const withoutFingerprint = request.slice(0, request.length - 8);
  withoutFingerprint[3] = 0x50;
  expect(hasIntegrity(message(withoutFingerprint), password)).toBe(true);
  for (let at = 8; at < 76; at += 1) {
    const changed = request.with(at, request[at]! ^ 1);
    expect(integrityOf(changed, 76, password)).not.toEqual(integrityOf(request, 76, password));
  }
});
