/** A request's body: whole, or not at all. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { readBody } from '../../../../../gateway/adapters/http/request-body.ts';

function requestOf(...chunks: readonly Buffer[]): IncomingMessage {
  return Readable.from(chunks, { objectMode: false }) as unknown as IncomingMessage;
}

describe('a body', () => {
  test('is text in UTF-8, wherever its pieces are cut', async () => {
    const bytes = Buffer.from('größer');
    const pieces = [...bytes].map((octet) => Buffer.of(octet));
    expect(await readBody(requestOf(...pieces))).toBe('größer');
  });

  test('may be empty', async () => {
    expect(await readBody(requestOf())).toBe('');
  });

  test('may have the length of the limit and not an octet more', async () => {
    const half = Buffer.alloc(4, 'a');
    expect(await readBody(requestOf(half, half), 8)).toBe('aaaaaaaa');
    expect(await readBody(requestOf(half, half, Buffer.from('a')), 8)).toBeUndefined();
  });

  test('that its client breaks off is none', async () => {
    const request = new Readable({ read() {} });
    const read = readBody(request as IncomingMessage);
    request.push('half of');
    request.destroy(new Error('aborted'));
    await expect(read).rejects.toThrow('aborted');
  });
});
