/** Looking into schemas through the wrappers that defaults and optionals put around them. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { elementOf, fieldsOf, isSecret } from '../../../config/schema-walk.ts';

const password = z.string().meta({ secret: true });
const schema = z.strictObject({ password: password.optional(), port: z.int().default(1) });

describe('schema walk', () => {
  test('finds the fields of an object behind a default', () => {
    expect(Object.keys(fieldsOf(schema.prefault({})) ?? {})).toEqual(['password', 'port']);
    expect(fieldsOf(z.string())).toBeUndefined();
  });

  test('finds the element of a list behind a default', () => {
    expect(elementOf(z.array(schema).default([]))).toBe(schema);
    expect(elementOf(schema)).toBeUndefined();
  });

  test('sees the mark of a secret behind an optional', () => {
    expect(isSecret(password.optional())).toBe(true);
    expect(isSecret(z.string().optional())).toBe(false);
  });
});
