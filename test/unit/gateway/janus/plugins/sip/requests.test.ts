import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../../../gateway/janus/json.ts';
import {
  headersObject,
  isSipAddress,
  readDigit,
  readHeaders,
  readHoldDirection,
  readKeying,
  readRegistration,
} from '../../../../../../gateway/janus/plugins/sip/requests.ts';

const CLIENT = { key: '7', interface: 'outside', local: false };

describe('SIP addresses', () => {
  test.each([
    ['sip:bob@example.org', true],
    ['SIPS:bob@[2001:db8::1]:5061;transport=tcp', true],
    ['sip:192.0.2.1', true],
    ['bob', false],
    ['tel:+1', false],
    ['sip:', false],
    ['sip:a b', false],
    ['sip:a@b>\r\nVia: x', false],
    ['sip:a@b"', false],
  ])('%j: %s', (text, expected) => {
    expect(isSipAddress(text)).toBe(expected);
  });
});

describe('headers', () => {
  test('are names and values, in order', () => {
    expect(readHeaders({ 'X-B': '1', 'X-A': 'ö' }, 'headers')).toEqual({
      ok: true,
      value: [
        ['X-B', '1'],
        ['X-A', 'ö'],
      ],
    });
  });

  test.each<JsonObject>([
    { 'X A': '1' },
    { 'X:A': '1' },
    { '': '1' },
    { 'X-A': 'a\nb' },
    { 'X-A': 'a\u0000' },
    { 'X-A': 1 },
    { 'X-A': 'a'.repeat(1_025) },
    { 'p-asserted-identity': '<sip:other@b>' },
    { Y: 'compact form of Identity' },
    { Diversion: '<sip:other@b>' },
  ])('%j are refused', (headers) => {
    expect(readHeaders(headers, 'headers').ok).toBe(false);
  });

  test('that are none stand nowhere', () => {
    expect(headersObject([])).toBeUndefined();
    expect(headersObject([['X-A', 'b']])).toEqual({ 'X-A': 'b' });
  });
});

describe('registrations', () => {
  test('keep their expiry within a day', () => {
    const read = readRegistration(
      { username: 'sip:a@b', secret: 's', register_ttl: 1_000_000, send_register: false },
      CLIENT,
    );
    expect(read).toMatchObject({ ok: true, value: { expiresSeconds: 86_400, send: false } });
  });

  test('prefer the digest to the password', () => {
    const read = readRegistration({ username: 'sip:a@b', secret: 's', ha1_secret: 'h' }, CLIENT);
    expect(read).toMatchObject({ value: { secret: { type: 'ha1', ha1: 'h' } } });
  });

  test('carry parameters of their Contact', () => {
    const read = readRegistration(
      { username: 'sip:a@b', type: 'guest', contact_params: { 'x-id': '1' } },
      CLIENT,
    );
    expect(read).toMatchObject({ value: { contactParameters: { 'x-id': '1' } } });
  });
});

describe('what a call may ask for', () => {
  test.each([
    [undefined, undefined],
    ['sdes_optional', 'sdes-optional'],
    ['sdes_mandatory', 'sdes-mandatory'],
  ])('keying %s is %s', (written, keying) => {
    expect(readKeying(written)).toEqual({ ok: true, value: keying });
  });

  test.each([
    [undefined, 'sendonly'],
    ['recvonly', 'recvonly'],
  ])('hold %s is %s', (written, direction) => {
    expect(readHoldDirection(written)).toEqual({ ok: true, value: direction });
  });

  test('a digit lasts no longer than six seconds', () => {
    expect(readDigit({ digit: 'd', duration: 60_000 })).toEqual({
      ok: true,
      value: { digit: 'D', durationMs: 6_000 },
    });
    expect(readDigit({ digit: 'E' }).ok).toBe(false);
  });
});
