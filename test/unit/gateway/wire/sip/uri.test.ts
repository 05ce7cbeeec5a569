import { describe, expect, test } from '@jest/globals';
import {
  isSipScheme,
  parseUri,
  sameUri,
  targetHost,
  uriParameter,
} from '../../../../../gateway/wire/sip/uri.ts';

function uri(text: string) {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.detail}`);
  return parsed.value;
}

describe('targetHost (RFC 3261 §19.1.1)', () => {
  test.each([
    ['sip:a@B.example', 'b.example'],
    ['sip:a@b.example;maddr=192.0.2.9', '192.0.2.9'],
    ['sip:a@b.example;maddr=[2001:DB8::1]', '2001:db8::1'],
    ['sip:a@b.example;maddr', 'b.example'],
  ])('of %s is %s', (text, host) => {
    expect(targetHost(uri(text))).toBe(host);
  });
});

describe('parseUri (RFC 3261 §19.1)', () => {
  test('takes a SIP URI apart', () => {
    expect(uri('sips:a%20b:pw@EXAMPLE.com:5071;transport=TCP;lr?Subject=x')).toMatchObject({
      scheme: 'sips',
      user: 'a b',
      password: 'pw',
      host: 'example.com',
      port: 5071,
      parameters: [
        { name: 'transport', value: 'TCP' },
        { name: 'lr', value: null },
      ],
      headers: 'Subject=x',
    });
  });

  test('takes a user part with every character it may have', () => {
    expect(uri('sip:user;par=u%40example.net@example.com').user).toBe('user;par=u@example.net');
    expect(uri('sip:example.com').user).toBeUndefined();
  });

  test('takes IPv6 literals in brackets only', () => {
    expect(uri('sip:[2001:db8::10]:5070')).toMatchObject({ host: '2001:db8::10', port: 5070 });
    expect(parseUri('sip:2001:db8::10').ok).toBe(false);
  });

  test('takes tel numbers and lets other schemes be', () => {
    expect(uri('tel:+1-201-555;phone-context=x')).toMatchObject({ user: '+1-201-555', host: '' });
    expect(uri('isbn:2983792873')).toMatchObject({ scheme: 'isbn', host: '' });
    expect(isSipScheme(uri('tel:1'))).toBe(false);
  });

  test('refuses what no URI may hold', () => {
    for (const bad of [
      '',
      'sip',
      'sip:',
      'sip:a b@c',
      'sip:a@',
      'sip:a@b:0',
      'sip:a@b:65536',
      'sip:%4@b',
      'sip:a@b;x y',
      'sip:a@b?<x>',
      'sip:a@[::g]',
      'tel:hello',
      'x y:z',
    ]) {
      expect({ bad, ok: parseUri(bad).ok }).toEqual({ bad, ok: false });
    }
  });
});

describe('sameUri (RFC 3261 §19.1.4)', () => {
  const same: readonly (readonly [string, string])[] = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    ['sip:a@b?x=1&y=2', 'sip:a@b?y=2&x=1'],
  ];
  const different: readonly (readonly [string, string])[] = [
    ['SIP:ALICE@AtLanTa.CoM', 'sip:alice@AtLanTa.CoM'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:a@b', 'sips:a@b'],
    ['sip:carol@chicago.com;security=off', 'sip:carol@chicago.com;security=on'],
  ];

  test('finds the examples of the RFC equal or different, whichever stands first', () => {
    for (const [a, b] of same)
      expect([sameUri(uri(a), uri(b)), sameUri(uri(b), uri(a))]).toEqual([true, true]);
    for (const [a, b] of different)
      expect([sameUri(uri(a), uri(b)), sameUri(uri(b), uri(a))]).toEqual([false, false]);
  });

  test('reads parameters in lower case', () => {
    expect(uriParameter(uri('sip:a@b;Transport=TCP'), 'transport')).toBe('tcp');
    expect(uriParameter(uri('sip:a@b;lr'), 'lr')).toBeNull();
    expect(uriParameter(uri('sip:a@b'), 'lr')).toBeUndefined();
  });
});
