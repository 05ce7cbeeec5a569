import { describe, expect, test } from '@jest/globals';
import { bencode, decodeDictionary } from '../../../bench/bencode.ts';

const bytes = (text: string) => Buffer.from(text);

describe('bencode', () => {
  test('a dictionary is written with its keys sorted and its lengths in octets', () => {
    expect(bencode({ b: 'é', a: [1, -2, 'x'] })).toBe('d1:ali1ei-2e1:xe1:b2:ée');
  });

  test('what is undefined is left out', () => {
    expect(bencode({ a: undefined, b: 1 })).toBe('d1:bi1ee');
  });

  test('what was written is read again', () => {
    const value = { sdp: 'v=0\r\n', list: ['a', { deep: 7 }], empty: {} };
    expect(decodeDictionary(bytes(bencode(value)))).toEqual(value);
  });

  test.each(['', 'd', 'd1:a', 'd1:a9:xe', 'li1ee', 'i1e', 'dee', 'd1:ai1ee ', '4:spam'])(
    'no dictionary: %j',
    (text) => {
      expect(() => decodeDictionary(bytes(text))).toThrow('bencode');
    },
  );
});
