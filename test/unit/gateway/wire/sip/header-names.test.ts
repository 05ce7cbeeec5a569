import { expect, test } from '@jest/globals';
import { canonicalName } from '../../../../../gateway/wire/sip/header-names.ts';

test('compact, odd and canonical spellings of a header are one name (RFC 3261 §7.3.3)', () => {
  expect(['v', 'V', 'VIA', 'via'].map(canonicalName)).toEqual(['Via', 'Via', 'Via', 'Via']);
  expect(['call-id', 'i', 'CSEQ', 'www-authenticate', 'k'].map(canonicalName)).toEqual([
    'Call-ID',
    'Call-ID',
    'CSeq',
    'WWW-Authenticate',
    'Supported',
  ]);
});

test('a name nobody registered stays as it was written', () => {
  expect(canonicalName('X-Custom')).toBe('X-Custom');
});
