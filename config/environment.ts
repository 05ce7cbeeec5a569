/** The environment as overrides: `CAUSEWAY_RTP_PORTS` is `rtp.ports`, and so for every key. */
import { parse } from 'yaml';
import type { z } from 'zod';
import { type Fault, fail, type Result, succeed } from '../gateway/core/result.ts';
import type { ValuePath } from './rules.ts';
import { elementOf, fieldsOf, isSecret } from './schema-walk.ts';

export type Environment = { readonly [name: string]: string | undefined };

export type ReadFile = (path: string) => Result<string>;

/** A value from the environment and where it belongs. */
export interface Override {
  readonly variable: string;
  readonly path: ValuePath;
  readonly value: unknown;
}

const PREFIX = 'CAUSEWAY_';
const FILE_SUFFIX = '_FILE';

/** Read elsewhere: which file, and shorthands that are no path of the schema. */
const SHORTHANDS: { readonly [variable: string]: ((value: string) => Override[]) | undefined } = {
  CAUSEWAY_CONFIG: () => [],
  CAUSEWAY_DATA: (value) => [{ variable: 'CAUSEWAY_DATA', path: ['data_directory'], value }],
  CAUSEWAY_LISTEN_ADDRESS: (value) => [
    {
      variable: 'CAUSEWAY_LISTEN_ADDRESS',
      path: ['interfaces'],
      value: [listenInterface(value)],
    },
  ],
};

/** Every override in the environment, in an order that lets `TRUNKS_0_…` follow `TRUNKS`. */
export function readOverrides(
  environment: Environment,
  schema: z.ZodType,
  readFile: ReadFile,
): Result<Override[]> {
  const overrides: Override[] = [];
  for (const variable of Object.keys(environment).sort()) {
    const value = environment[variable];
    if (!variable.startsWith(PREFIX) || value === undefined || value === '') continue;
    const shorthand = SHORTHANDS[variable];
    if (shorthand !== undefined) {
      overrides.push(...shorthand(value));
      continue;
    }
    const override = readOverride(variable, value, schema, readFile);
    if (!override.ok) return override;
    overrides.push(override.value);
  }
  return succeed(overrides);
}

function readOverride(
  variable: string,
  value: string,
  schema: z.ZodType,
  readFile: ReadFile,
): Result<Override> {
  const words = variable.slice(PREFIX.length);
  const place = locate(words, schema, []);
  if (place !== undefined) {
    const interpreted = interpret(variable, value, place.schema);
    return interpreted.ok
      ? succeed({ variable, path: place.path, value: interpreted.value })
      : interpreted;
  }
  const secretPlace = words.endsWith(FILE_SUFFIX)
    ? locate(words.slice(0, -FILE_SUFFIX.length), schema, [])
    : undefined;
  if (secretPlace === undefined || !isSecret(secretPlace.schema)) {
    return fail('configuration.unknown-variable', `${variable}: no key of the configuration`);
  }
  const content = readFile(value);
  if (!content.ok) return unreadable(variable, value, content.fault);
  return succeed({ variable, path: secretPlace.path, value: content.value.trimEnd() });
}

/** `a.b.c/d.e.f` binds the first and advertises the second; one address does both. */
function listenInterface(value: string): { name: string; bind: string; advertise?: string } {
  const [bind = '', advertise] = value.split('/');
  return { name: 'default', bind, ...(advertise === undefined ? {} : { advertise }) };
}

interface Place {
  readonly path: ValuePath;
  readonly schema: z.ZodType;
}

/** Finds the key that upper-case words name; keys hold underscores themselves, so it tries all. */
function locate(words: string, schema: z.ZodType, path: ValuePath): Place | undefined {
  if (words === '') return { path, schema };
  const element = elementOf(schema);
  if (element !== undefined) {
    const index = /^(\d{1,5})(?:_|$)/.exec(words)?.[1];
    if (index === undefined) return undefined;
    return locate(words.slice(index.length + 1), element, [...path, Number(index)]);
  }
  for (const [key, inner] of Object.entries(fieldsOf(schema) ?? {})) {
    const word = key.toUpperCase();
    if (words !== word && !words.startsWith(`${word}_`)) continue;
    const place = locate(words.slice(word.length + 1), inner, [...path, key]);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Text where the schema takes text; else YAML; for a list also words between commas. */
function interpret(variable: string, value: string, schema: z.ZodType): Result<unknown> {
  if (schema.safeParse(value).success) return succeed(value);
  if (elementOf(schema) !== undefined && !value.trimStart().startsWith('[')) {
    return succeed(value.split(',').map((item) => item.trim()));
  }
  try {
    return succeed(parse(value));
  } catch {
    return fail('configuration.variable', `${variable}: neither text that fits nor YAML`);
  }
}

function unreadable(variable: string, path: string, fault: Fault): Result<never> {
  return fail('configuration.secret-file', `${variable}: ${path}: ${fault.detail}`);
}
