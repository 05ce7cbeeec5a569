import { describe, expect, test } from '@jest/globals';
import {
  isJsonObject,
  isNestedDeeper,
  MAX_STRING_LENGTH,
  readShape,
} from '../../../../gateway/janus/json.ts';

test.each([
  [1, 0, false],
  [null, 0, false],
  [[], 0, true],
  [[], 1, false],
  [{ a: [{ b: 1 }] }, 3, false],
  [{ a: 1, b: { c: [null] } }, 2, true],
] as const)('%j is nested deeper than %d levels: %s', (value, levels, expected) => {
  expect(isNestedDeeper(value, levels)).toBe(expected);
});

describe('reading an object through a shape', () => {
  const shape = {
    name: 'string!',
    age: 'integer',
    on: 'boolean',
    list: 'array',
    in: 'object',
  } as const;

  test('gives the members that the shape names and no other', () => {
    const read = readShape({ name: 'a', age: 0, on: false, list: [], in: {}, more: 1 }, shape);
    expect(read).toEqual({ ok: true, value: { name: 'a', age: 0, on: false, list: [], in: {} } });
  });

  test('takes null for absent', () => {
    expect(readShape({ name: 'a', age: null }, shape)).toEqual({ ok: true, value: { name: 'a' } });
    expect(readShape({ name: null }, shape)).toMatchObject({ fault: { code: 'field.missing' } });
  });

  test.each([
    [{ name: 1 }, 'name'],
    [{ name: 'a', age: -1 }, 'age'],
    [{ name: 'a', age: 1.5 }, 'age'],
    [{ name: 'a', age: 2 ** 53 }, 'age'],
    [{ name: 'a', on: 'true' }, 'on'],
    [{ name: 'a', in: [] }, 'in'],
    [{ name: 'a', list: {} }, 'list'],
    [{ name: 'x'.repeat(MAX_STRING_LENGTH + 1) }, 'name'],
  ])('refuses %j for its member %s', (object, detail) => {
    expect(readShape(object, shape)).toEqual({
      ok: false,
      fault: { code: 'field.wrong_type', detail },
    });
  });

  test('never reads what an object inherits', () => {
    expect(readShape(JSON.parse('{}'), { toString: 'object' } as const)).toEqual({
      ok: true,
      value: {},
    });
  });

  test('lets a description be longer than other strings', () => {
    const sdp = 'v'.repeat(MAX_STRING_LENGTH + 1);
    expect(readShape({ sdp }, { sdp: 'string!' }).ok).toBe(true);
  });
});

test('an array and null are no objects', () => {
  expect([{}, [], null, 'x'].map(isJsonObject)).toEqual([true, false, false, false]);
});
