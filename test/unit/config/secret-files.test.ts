/** Secrets that live in files of their own. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readSecretFiles } from '../../../config/secret-files.ts';
import { fail, succeed } from '../../../gateway/core/result.ts';

const schema = z.strictObject({
  users: z.array(z.strictObject({ name: z.string(), password: z.string().meta({ secret: true }) })),
});
const files: { readonly [path: string]: string } = {
  '/etc/causeway/alice': 'hunter2\n',
  '/run/bob': 'letmein',
};

function read(tree: unknown) {
  return readSecretFiles(tree, schema, '/etc/causeway', (path) =>
    files[path] === undefined ? fail('file.missing', 'no such file') : succeed(files[path]),
  );
}

describe('secret files', () => {
  test('a relative path starts beside the configuration, and the last newline is dropped', () => {
    expect(read({ users: [{ name: 'alice', password_file: 'alice' }] }).tree).toEqual({
      users: [{ name: 'alice', password: 'hunter2' }],
    });
  });

  test('an absolute path is taken as it is', () => {
    expect(read({ users: [{ password_file: '/run/bob' }] }).tree).toEqual({
      users: [{ password: 'letmein' }],
    });
  });

  test('a file that can’t be read is a violation at its key', () => {
    expect(read({ users: [{ password_file: 'carol' }] }).violations).toEqual([
      { path: ['users', 0, 'password_file'], reason: 'no such file' },
    ]);
  });

  test('only secrets may come from files', () => {
    const tree = { users: [{ name_file: '/run/bob' }] };
    expect(read(tree).tree).toEqual(tree);
  });
});
