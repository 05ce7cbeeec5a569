/** JSON as values, and objects read through a shape, so that nothing untyped travels further. */
import { fail, type Result, succeed } from '../core/result.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A member that is undefined is absent from the text. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a value has more than `levels` levels of arrays and objects within each other. What
 * walks a value later may recurse on it, and a stranger's text must not decide how deep.
 */
export function isNestedDeeper(value: JsonValue, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const nested = level.filter((each) => typeof each === 'object' && each !== null);
    if (nested.length > 0 && depth >= levels) return true;
    level = nested.flatMap((each) => Object.values(each as JsonObject) as JsonValue[]);
  }
  return false;
}

interface KindTypes {
  readonly string: string;
  readonly boolean: boolean;
  /** An integer that a JavaScript client can hold exactly, zero or more. */
  readonly integer: number;
  readonly object: JsonObject;
  readonly array: readonly JsonValue[];
}

export type FieldKind = keyof KindTypes;

/** What a member must be; a `!` makes it mandatory. */
export type FieldRule = FieldKind | `${FieldKind}!`;

export interface Shape {
  readonly [name: string]: FieldRule;
}

type FieldType<R extends FieldRule> = R extends `${infer K extends FieldKind}!`
  ? KindTypes[K]
  : R extends FieldKind
    ? KindTypes[R] | undefined
    : never;

export type Shaped<S extends Shape> = { readonly [name in keyof S]: FieldType<S[name]> };

/** Strings longer than this are refused wherever they stand, SDP apart. */
export const MAX_STRING_LENGTH = 4_096;
export const MAX_SDP_LENGTH = 64 * 1_024;
/** Arrays and objects within each other; requests of real clients have three or four. */
export const MAX_NESTING = 16;

/**
 * Reads the members that `shape` names and drops all others. `null` counts as absent. Faults:
 * `field.missing`, `field.wrong_type`, with the member's name as detail.
 */
export function readShape<S extends Shape>(object: JsonObject, shape: S): Result<Shaped<S>> {
  const read: { [name: string]: JsonValue } = {};
  for (const [name, rule] of Object.entries(shape)) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined || value === null) {
      if (rule.endsWith('!')) return fail('field.missing', name);
      continue;
    }
    if (!isOfKind(value, rule.replace('!', '') as FieldKind, name)) {
      return fail('field.wrong_type', name);
    }
    read[name] = value;
  }
  return succeed(read as Shaped<S>);
}

function isOfKind(value: JsonValue, kind: FieldKind, name: string): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string' && value.length <= longest(name);
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
  }
}

function longest(name: string): number {
  return name === 'sdp' ? MAX_SDP_LENGTH : MAX_STRING_LENGTH;
}
