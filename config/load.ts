/** Loads the configuration: defaults, then the YAML file, then the environment, then the rules. */
import { dirname } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { fail, type Result, succeed } from '../gateway/core/result.ts';
import { camelCased } from './camel-case.ts';
import type { Configuration } from './configuration.ts';
import { type Environment, type Override, type ReadFile, readOverrides } from './environment.ts';
import { type ValuePath, type Violation, violations } from './rules.ts';
import { configurationSchema } from './schema.ts';
import { readSecretFiles } from './secret-files.ts';

/** Mistakes told at once; the rest waits for the next try. */
const MAX_MISTAKES_TOLD = 20;

/**
 * The file is the one that `CAUSEWAY_CONFIG` names; without it the defaults stand. A fault's detail
 * has a line for each mistake: `file:line: key: reason`, or the variable in place of the file.
 */
export function loadConfiguration(
  environment: Environment,
  readFile: ReadFile,
): Result<Configuration> {
  const file = environment.CAUSEWAY_CONFIG;
  const source = file === undefined || file === '' ? succeed(EMPTY) : readSource(file, readFile);
  if (!source.ok) return source;
  const overrides = readOverrides(environment, configurationSchema, readFile);
  if (!overrides.ok) return overrides;
  const place = (path: ValuePath): string => describe(path, source.value, overrides.value);

  const secrets = readSecretFiles(
    source.value.tree,
    configurationSchema,
    dirname(source.value.file),
    readFile,
  );
  if (secrets.violations.length > 0) return refuse(secrets.violations, place);

  const parsed = configurationSchema.safeParse(
    overrides.value.reduce((tree, { path, value }) => withValue(tree, path, value), secrets.tree),
  );
  if (!parsed.success) {
    return refuse(parsed.error.issues.flatMap(toViolations), place);
  }
  const broken = violations(parsed.data);
  return broken.length > 0 ? refuse(broken, place) : succeed(camelCased(parsed.data));
}

interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** What the document says, as plain values; aliases are followed, up to YAML's own limit. */
  readonly tree: unknown;
}

const EMPTY: Source = {
  file: '',
  document: parseDocument('{}'),
  lines: new LineCounter(),
  tree: {},
};

function readSource(file: string, readFile: ReadFile): Result<Source> {
  const content = readFile(file);
  if (!content.ok) return fail('configuration.unreadable', `${file}: ${content.fault.detail}`);
  const lines = new LineCounter();
  const document = parseDocument(content.value, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    return fail('configuration.syntax', `${file}:${line}: ${error.message}`);
  }
  try {
    return succeed({ file, document, lines, tree: document.toJS() ?? {} });
  } catch (error) {
    return fail('configuration.syntax', `${file}: ${(error as Error).message}`);
  }
}

/** An unknown key is a mistake at that key, not at the object around it. */
function toViolations(issue: z.core.$ZodIssue): Violation[] {
  const path = issue.path as ValuePath;
  if (issue.code !== 'unrecognized_keys') return [{ path, reason: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], reason: 'no such key' }));
}

function refuse(mistakes: readonly Violation[], place: (path: ValuePath) => string): Result<never> {
  const told = mistakes.slice(0, MAX_MISTAKES_TOLD);
  const text = told.map(({ path, reason }) => `${place(path)}${path.join('.')}: ${reason}`);
  return fail('configuration.refused', text.join('\n'));
}

/** `file:line: ` of the value or of the nearest key around it, or the variable that set it. */
function describe(path: ValuePath, source: Source, overrides: readonly Override[]): string {
  const override = overrides.findLast((candidate) =>
    candidate.path.every((step, index) => path[index] === step),
  );
  if (override !== undefined) return `${override.variable}: `;
  if (source.file === '') return '';
  for (let length = path.length; length > 0; length -= 1) {
    const node = source.document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return `${source.file}:${source.lines.linePos(node.range[0]).line}: `;
    }
  }
  return `${source.file}: `;
}

/** A copy of the tree with one value replaced; what is missing on the way is made. */
function withValue(tree: unknown, path: ValuePath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(tree) ? [...tree] : [];
    list[step] = withValue(list[step], rest, value);
    return list;
  }
  const object = typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  return { ...object, [step]: withValue(object[step], rest, value) };
}
