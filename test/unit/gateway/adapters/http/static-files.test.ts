/** The page's files: read once, served by the names that were found, cached by their content. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StaticFiles } from '../../../../../gateway/adapters/http/static-files.ts';

let folder: string;
let files: StaticFiles;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'static-files-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<title>größer</title>');
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'notes.txt'), 'not for the page');
  files = StaticFiles.read(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Answer {
  status?: number;
  headers: OutgoingHttpHeaders;
  body?: string;
}

/** What a request is answered, or undefined if it is nobody's file. */
function ask(path: string, method = 'GET', headers = {}): Answer | undefined {
  const answer: Answer = { headers: {} };
  const response = {
    writeHead(status: number, sent: OutgoingHttpHeaders) {
      Object.assign(answer, { status, headers: sent });
      return response;
    },
    end(body?: Buffer) {
      answer.body = body?.toString();
    },
  };
  const request = { method, headers } as IncomingMessage;
  const isServed = files.serve(request, path, response as unknown as ServerResponse);
  return isServed ? answer : undefined;
}

describe('static files', () => {
  test('have the page at the root', () => {
    expect(ask('/')).toMatchObject({ status: 200, body: '<title>größer</title>' });
    expect(ask('/')?.headers['Content-Length']).toBe(23);
  });

  test.each([
    ['/index.html', 'text/html; charset=utf-8'],
    ['/assets/main-1a2b.js', 'text/javascript; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
  ])('say what %s is', (path, type) => {
    expect(ask(path)?.headers['Content-Type']).toBe(type);
  });

  test.each(['/notes.txt', '/assets', '/assets/', '/assets/../icon.svg', '//icon.svg', ''])(
    'have nothing at %j',
    (path) => {
      expect(ask(path)).toBeUndefined();
    },
  );

  test('are those that were there at the start', () => {
    writeFileSync(join(folder, 'late.svg'), '<svg/>');
    expect(ask('/late.svg')).toBeUndefined();
  });

  test('are kept for ever where the name tells the content, and asked about elsewhere', () => {
    expect(ask('/assets/main-1a2b.js')?.headers['Cache-Control']).toContain('immutable');
    expect(ask('/')?.headers['Cache-Control']).toBe('no-cache');
  });

  test('are not sent again to who has them, and are when they differ', () => {
    const tag = ask('/')?.headers.ETag;
    expect(ask('/', 'GET', { 'if-none-match': tag })).toMatchObject({
      status: 304,
      headers: { ETag: tag },
      body: undefined,
    });
    expect(ask('/icon.svg', 'GET', { 'if-none-match': tag })?.status).toBe(200);
  });

  test('show their headers alone to HEAD', () => {
    const head = ask('/', 'HEAD');
    expect(head?.body).toBeUndefined();
    expect(head?.headers).toEqual(ask('/')?.headers);
  });

  test('are none where there is no folder', () => {
    expect(StaticFiles.read(join(folder, 'absent')).isEmpty).toBe(true);
    expect(files.isEmpty).toBe(false);
  });
});
