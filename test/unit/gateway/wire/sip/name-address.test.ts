import { describe, expect, test } from '@jest/globals';
import {
  parseNameAddress,
  serialiseNameAddress,
  tagOf,
} from '../../../../../gateway/wire/sip/name-address.ts';

function parsed(text: string) {
  const result = parseNameAddress(text);
  if (!result.ok) throw new Error(`${text}: ${result.fault.detail}`);
  return result.value;
}

describe('parseNameAddress (RFC 3261 §20.10)', () => {
  test('reads quoted and bare display names, with or without white space before the bracket', () => {
    expect(parsed('"A \\"B\\" C" <sip:a@b>').displayName).toBe('A "B" C');
    expect(parsed('caller<sip:a@b>').displayName).toBe('caller');
    expect(parsed('Two Words <sip:a@b>').displayName).toBe('Two Words');
    expect(parsed('<sip:a@b>').displayName).toBeUndefined();
  });

  test('gives parameters inside the brackets to the URI and those after them to the header', () => {
    const address = parsed('<sip:a@b;lr>;tag=x ; q = 0.5');
    expect(address.uri.parameters).toEqual([{ name: 'lr', value: null }]);
    expect(tagOf(address)).toBe('x');
    expect(address.parameters[1]).toEqual({ name: 'q', value: '0.5' });
  });

  test('gives all parameters to the header when there are no brackets', () => {
    const address = parsed('sip:a@b;tag=x');
    expect(address.uri.parameters).toEqual([]);
    expect(tagOf(address)).toBe('x');
  });

  test('refuses what is ambiguous or unfinished', () => {
    for (const bad of [
      '',
      '"open <sip:a@b>',
      'Bell, Alexander <sip:a@b>',
      '<sip:a@b',
      '< sip:a@b >',
      'sip:a@b?Route=x',
      '<sip:a@b> x',
      '"name" sip:a@b',
    ]) {
      expect({ bad, ok: parseNameAddress(bad).ok }).toEqual({ bad, ok: false });
    }
  });

  test('is written with brackets and quotes', () => {
    expect(serialiseNameAddress(parsed('Bob "x" <sip:a@b>'.replace(' "x"', '')))).toBe(
      '"Bob" <sip:a@b>',
    );
    expect(serialiseNameAddress(parsed('sip:a@b;tag=x'))).toBe('<sip:a@b>;tag=x');
  });
});
