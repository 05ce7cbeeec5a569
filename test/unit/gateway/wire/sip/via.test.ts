import { describe, expect, test } from '@jest/globals';
import { parseVia, serialiseVia } from '../../../../../gateway/wire/sip/via.ts';

describe('parseVia (RFC 3261 §20.42)', () => {
  test('reads transport, sent-by, branch and parameters through any white space', () => {
    expect(
      parseVia('SIP  / 2.0  / tcp     Spindle.example.com : 5070 ;  branch  =   z9hG4bK9 ;rport'),
    ).toEqual({
      ok: true,
      value: {
        transport: 'TCP',
        host: 'spindle.example.com',
        port: 5070,
        branch: 'z9hG4bK9',
        parameters: [
          { name: 'branch', value: 'z9hG4bK9' },
          { name: 'rport', value: null },
        ],
      },
    });
  });

  test('takes received with and without brackets (RFC 5118 §4.5)', () => {
    for (const address of ['2001:db8::9:255', '[2001:db8::9:255]']) {
      expect(parseVia(`SIP/2.0/UDP [::1];received=${address}`).ok).toBe(true);
    }
  });

  test('refuses other protocols, versions and hosts that are none', () => {
    for (const bad of [
      '',
      'SIP/2.0/UDP',
      'SIP/3.0/UDP a',
      'HTTP/2.0/UDP a',
      'SIP/2.0/U P a;;',
      'SIP/2.0/UDP [::g]',
    ]) {
      expect({ bad, ok: parseVia(bad).ok }).toEqual({ bad, ok: false });
    }
  });

  test('is written as it was read', () => {
    const text = 'SIP/2.0/UDP [2001:db8::1]:5061;branch=z9hG4bKx;rport';
    const via = parseVia(text);
    expect(via.ok && serialiseVia(via.value)).toBe(text);
  });
});
