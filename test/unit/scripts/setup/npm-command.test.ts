/** How npm is called under a chosen Node. */
import { describe, expect, test } from '@jest/globals';
import { npmCommand } from '../../../../scripts/setup/npm-command.mjs';

describe('npm', () => {
  test('is the script that npm itself told of, run by the chosen Node', () => {
    expect(npmCommand('/n/node', { npm_execpath: '/lib/npm/bin/npm-cli.js' })).toEqual({
      command: '/n/node',
      args: ['/lib/npm/bin/npm-cli.js'],
    });
  });

  test('that is no script is called itself', () => {
    expect(npmCommand('/n/node', { npm_execpath: '/bin/pnpm' })).toEqual({
      command: '/bin/pnpm',
      args: [],
    });
  });

  test('that is nowhere is refused', () => {
    expect(() => npmCommand('/n/node', { PATH: '/nowhere' })).toThrow('npm is not installed');
  });
});
