import { describe, expect, test } from '@jest/globals';
import {
  decimal,
  decodeEscapes,
  endOfQuotes,
  escapeUser,
  hasWholeEscapes,
  indexOutsideQuotes,
  isCallId,
  isHostPart,
  isToken,
  isUserPart,
  quote,
  unquote,
} from '../../../../../gateway/wire/sip/characters.ts';

describe('character classes (RFC 3261 §25.1)', () => {
  test('a token has every mark the grammar gives it, and is never empty', () => {
    expect(isToken("aZ0-.!%*_+`'~")).toBe(true);
    for (const bad of ['', 'a b', 'a@b', 'a/b', 'é', 'a"']) expect(isToken(bad)).toBe(false);
  });

  test('a Call-ID is made of words, a user part of user characters, a host of its own', () => {
    expect(isCallId('a(<)>:\\"/[]?{}@b')).toBe(true);
    expect(isCallId('a b')).toBe(false);
    expect(isUserPart("a;b=c,d&e$f+g?h/i-_.!~*'()")).toBe(true);
    expect(isUserPart('a b')).toBe(false);
    expect(isHostPart('a-1.b_c')).toBe(true);
    expect(isHostPart('a;b')).toBe(false);
  });
});

describe('escapes', () => {
  test('are whole when each % has two hexadecimal digits', () => {
    expect(['%41', 'a%2fb', ''].map(hasWholeEscapes)).toEqual([true, true, true]);
    expect(['%', '%4', '%4g', 'a%'].map(hasWholeEscapes)).toEqual([false, false, false, false]);
  });

  test('are decoded as UTF-8 and made again for what a user part may not hold', () => {
    expect(decodeEscapes('a%20b%C3%BC')).toBe('a bü');
    expect(escapeUser('a bü%@x')).toBe('a%20b%C3%BC%25%40x');
  });
});

describe('decimal', () => {
  test('takes digits up to a maximum and nothing else', () => {
    expect(decimal('0068', 255)).toBe(68);
    expect(decimal('255', 255)).toBe(255);
    for (const bad of ['', '256', '-1', '1a', ' 1', '9'.repeat(30)]) {
      expect(decimal(bad, 255)).toBeUndefined();
    }
  });
});

describe('quoted strings', () => {
  test('hide what is in them and end at the quote that is not escaped', () => {
    const text = '"a,\\"b" , c';
    expect(indexOutsideQuotes(text, ',', 0)).toBe(8);
    expect(endOfQuotes(text, 0)).toBe(6);
    expect(endOfQuotes('"open', 0)).toBe(-1);
    expect(indexOutsideQuotes('"open,', ',', 0)).toBe(-1);
  });

  test('are unquoted and quoted again without loss', () => {
    const text = 'a "b" \\ c';
    expect(quote(text)).toBe('"a \\"b\\" \\\\ c"');
    expect(unquote(quote(text))).toBe(text);
    expect(unquote('plain')).toBe('plain');
  });
});
