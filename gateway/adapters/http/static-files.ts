/** The built web page, read once at start and served from memory. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, posix } from 'node:path';
import { PAGE_HEADERS } from './response-headers.ts';

const CONTENT_TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Files under here carry a hash of their content in their names. */
const IMMUTABLE_FOLDER = '/assets/';

interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly tag: string;
}

export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /** An absent folder holds no files: a gateway without its page still serves its APIs. */
  static read(folder: string): StaticFiles {
    return new StaticFiles(new Map(filesUnder(folder)));
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  /** Answers if the path is a file's; only such names are looked up as were read at start. */
  serve(request: IncomingMessage, path: string, response: ServerResponse): boolean {
    const file = this.#files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return false;
    const headers = {
      ...PAGE_HEADERS,
      ETag: file.tag,
      'Cache-Control': path.startsWith(IMMUTABLE_FOLDER)
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
    };
    if (request.headers['if-none-match'] === file.tag) {
      response.writeHead(304, headers).end();
      return true;
    }
    response.writeHead(200, {
      ...headers,
      'Content-Type': file.contentType,
      'Content-Length': file.body.byteLength,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
    return true;
  }
}

function* filesUnder(folder: string): Generator<[string, StaticFile]> {
  for (const path of pathsUnder(folder)) {
    const contentType = CONTENT_TYPES[extname(path)];
    if (contentType === undefined) continue;
    const body = readFileSync(join(folder, path));
    const digest = createHash('sha256').update(body).digest('base64url');
    yield [posix.join('/', path), { body, contentType, tag: `"${digest}"` }];
  }
}

function pathsUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
