/** The repository's own files, as the tests of the house see them. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders whose files are the product. */
export const PRODUCT = ['gateway', 'transcoder', 'config', 'admin-ui'];

/** Everything that people write here, product or not. */
export const WRITTEN = [...PRODUCT, 'bench', 'docs', 'scripts', 'soak', 'test', '.ci'];

const MADE = new Set(['node_modules', 'results', 'build', 'dist', 'tmp', 'fixtures']);

export interface SourceFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/** Files under the folders whose names end so, in order; what tools made is left out. */
export function filesUnder(
  folders: readonly string[],
  extensions: readonly string[],
): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(ROOT, folder)))
    .filter((path) => extensions.includes(extname(path)))
    .sort()
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
}

const parsed = new Map<string, ts.SourceFile>();

export function syntaxOf({ path, text }: SourceFile): ts.SourceFile {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, kind);
  parsed.set(path, source);
  return source;
}

/** The nodes of a tree that are wanted, parents before children. */
export function nodesOf(tree: ts.Node, wanted: (node: ts.Node) => boolean): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (wanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** `path:line` of a node. */
export function placeOf(source: ts.SourceFile, node: ts.Node): string {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${source.fileName}:${line + 1}`;
}

function walk(directory: string): string[] {
  let entries: ReturnType<typeof read>;
  try {
    entries = read(directory);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (MADE.has(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function read(directory: string) {
  return readdirSync(directory, { withFileTypes: true });
}
