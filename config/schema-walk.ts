/** What lies inside a zod schema: fields, elements and marks, through defaults and optionals. */
import { z } from 'zod';

/** The fields of an object schema; undefined for any other. */
export function fieldsOf(schema: z.ZodType): { readonly [key: string]: z.ZodType } | undefined {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? (inner.shape as Record<string, z.ZodType>) : undefined;
}

/** The schema of an array's elements; undefined for any other. */
export function elementOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = unwrap(schema);
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
}

/** Whether the value is never to be printed and may come from a file of its own. */
export function isSecret(schema: z.ZodType): boolean {
  return unwrap(schema).meta()?.secret === true;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}
