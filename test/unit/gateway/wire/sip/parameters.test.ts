import { describe, expect, test } from '@jest/globals';
import {
  parameter,
  parseHeaderParameters,
  serialiseParameters,
  withParameter,
} from '../../../../../gateway/wire/sip/parameters.ts';

describe('header parameters', () => {
  test('are names in lower case with or without a value, quotes kept', () => {
    const text = ';Tag=aB ; lr;x="a;b"';
    expect(parseHeaderParameters(text, 0)).toEqual({
      ok: true,
      value: [
        { name: 'tag', value: 'aB' },
        { name: 'lr', value: null },
        { name: 'x', value: '"a;b"' },
      ],
    });
  });

  test('are refused when empty, unfinished or too many', () => {
    for (const bad of [';', ';;a', ';a=', ';a="x', ';a b', 'a', ';a'.repeat(65)]) {
      expect({ bad, ok: parseHeaderParameters(bad, 0).ok }).toEqual({ bad, ok: false });
    }
  });

  test('are found, replaced in place, added at the end and written', () => {
    const parameters = [
      { name: 'rport', value: null },
      { name: 'branch', value: 'x' },
    ];
    expect([parameter(parameters, 'rport'), parameter(parameters, 'nope')]).toEqual([
      null,
      undefined,
    ]);
    const set = withParameter(withParameter(parameters, 'rport', '5'), 'received', '1.2.3.4');
    expect(serialiseParameters(set)).toBe(';rport=5;branch=x;received=1.2.3.4');
  });
});
