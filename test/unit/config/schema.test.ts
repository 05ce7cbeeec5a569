/** The commented example shows every key of the schema, and is itself a good configuration. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { z } from 'zod';
import { loadConfiguration } from '../../../config/load.ts';
import { configurationSchema } from '../../../config/schema.ts';
import { elementOf, fieldsOf } from '../../../config/schema-walk.ts';
import { fail, succeed } from '../../../gateway/core/result.ts';

const example = readFileSync(
  new URL('../../../config/causeway.example.yaml', import.meta.url),
  'utf8',
);

/** Every key of the schema, with `[]` for what stands in a list. */
function keysOf(schema: z.ZodType, path = ''): string[] {
  const element = elementOf(schema);
  if (element !== undefined) return keysOf(element, `${path}[]`);
  return Object.entries(fieldsOf(schema) ?? {}).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...keysOf(inner, `${path}.${key}`),
  ]);
}

function keysIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysIn(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...keysIn(inner, `${path}.${key}`),
  ]);
}

describe('the example configuration', () => {
  test('loads without a mistake', () => {
    const result = loadConfiguration({ CAUSEWAY_CONFIG: 'example' }, (path) =>
      path === 'example' ? succeed(example) : fail('x', 'x'),
    );
    expect(result).toMatchObject({ ok: true });
  });

  test('shows every key of the schema', () => {
    const shown = new Set(keysIn(parse(example)));
    expect(keysOf(configurationSchema).filter((key) => !shown.has(key))).toEqual([]);
  });

  test('shows defaults as they are, but for what only names a place, a person or a peer', () => {
    const shown = configurationSchema.parse(parse(example));
    const defaults = configurationSchema.parse({});
    for (const section of ['http', 'webrtc', 'rtp', 'media', 'limits', 'trace', 'log'] as const) {
      expect([section, shown[section]]).toEqual([section, defaults[section]]);
    }
  });
});
