/** Secrets kept in files of their own: `password_file: path` stands for `password`. */
import { isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import type { ReadFile } from './environment.ts';
import type { ValuePath, Violation } from './rules.ts';
import { elementOf, fieldsOf, isSecret } from './schema-walk.ts';

const FILE_SUFFIX = '_file';

/**
 * The tree with every secret read from its file. Relative paths start at `directory`. What can't
 * be read is a violation at the key that names it.
 */
export function readSecretFiles(
  tree: unknown,
  schema: z.ZodType,
  directory: string,
  readFile: ReadFile,
): { readonly tree: unknown; readonly violations: readonly Violation[] } {
  const violations: Violation[] = [];
  return { tree: visit(tree, schema, []), violations };

  function visit(value: unknown, at: z.ZodType, path: ValuePath): unknown {
    const element = elementOf(at);
    if (element !== undefined && Array.isArray(value)) {
      return value.map((item, index) => visit(item, element, [...path, index]));
    }
    const fields = fieldsOf(at);
    if (fields === undefined || !isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => field(key, inner, fields, path)),
    );
  }

  function field(
    key: string,
    value: unknown,
    fields: { readonly [key: string]: z.ZodType },
    path: ValuePath,
  ): [string, unknown] {
    const own = fields[key];
    if (own !== undefined) return [key, visit(value, own, [...path, key])];
    const plain = key.endsWith(FILE_SUFFIX) ? key.slice(0, -FILE_SUFFIX.length) : '';
    const secret = fields[plain];
    if (secret === undefined || !isSecret(secret) || typeof value !== 'string') return [key, value];
    const content = readFile(isAbsolute(value) ? value : join(directory, value));
    if (!content.ok) violations.push({ path: [...path, key], reason: content.fault.detail });
    return [plain, content.ok ? content.value.trimEnd() : 'unread'];
  }
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
