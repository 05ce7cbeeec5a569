/** Source descriptions. */
import { describe, expect, test } from '@jest/globals';
import { buildSourceDescription } from '../../../../../gateway/wire/rtcp/source-description.ts';
import { faultOf, octets, parseOne } from './octets.ts';

describe('A source description', () => {
  test('gives each CNAME, other items passed over', () => {
    const bytes = octets('82ca0006 00000001 0202 6869 0103 616263 000000 00000002 0101 78 00');
    expect(parseOne(bytes)).toEqual({
      type: 'source-description',
      chunks: [
        { ssrc: 1, cname: 'abc' },
        { ssrc: 2, cname: 'x' },
      ],
    });
  });

  test.each(['', 'a', 'ab', 'abc', 'abcd', 'käse', 'x'.repeat(255)])(
    'with the CNAME %p is read as written, whatever the alignment',
    (cname) => {
      const chunks = [
        { ssrc: 0xffffffff, cname },
        { ssrc: 7, cname: 'y' },
      ];
      const bytes = buildSourceDescription({ type: 'source-description', chunks });
      expect(bytes.length % 4).toBe(0);
      expect(parseOne(bytes)).toEqual({ type: 'source-description', chunks });
    },
  );

  test('without items has no CNAME', () => {
    expect(parseOne(octets('81ca0002 00000009 00000000'))).toEqual({
      type: 'source-description',
      chunks: [{ ssrc: 9 }],
    });
  });

  test.each([
    ['a missing chunk', '82ca0002 00000001 00000000'],
    ['an item without length', '81ca0002 00000001 02010001'],
    ['an item that overruns', '81ca0002 00000001 01050000'],
  ])('with %s is refused', (_why, hexadecimal) => {
    expect(faultOf(octets(hexadecimal))).toBe('rtcp.truncated');
  });

  test('of a CNAME longer than 255 octets is not written', () => {
    const chunks = [{ ssrc: 1, cname: 'x'.repeat(256) }];
    expect(() => buildSourceDescription({ type: 'source-description', chunks })).toThrow(
      RangeError,
    );
    const many = new Array(32).fill({ ssrc: 1, cname: 'x' });
    expect(() => buildSourceDescription({ type: 'source-description', chunks: many })).toThrow(
      RangeError,
    );
  });
});
