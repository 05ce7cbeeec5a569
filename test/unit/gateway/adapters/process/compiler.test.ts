import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import {
  compileBy,
  MEDIA_CODE,
  SIGNALLING_CODE,
} from '../../../../../gateway/adapters/process/compiler.ts';

describe('the compiler', () => {
  test('knows every flag that it is given', () => {
    // On the command line an unknown flag keeps the runtime from starting.
    const flags = [...SIGNALLING_CODE, ...MEDIA_CODE];
    expect(execFileSync(process.execPath, [...flags, '--print', '1 + 1']).toString()).toBe('2\n');
  });

  test('outlives a flag that it does not know', () => {
    const source = new URL('../../../../../gateway/adapters/process/compiler.ts', import.meta.url);
    const program = `import(${JSON.stringify(source)}).then(({ compileBy }) => {
      compileBy(['--no-such-flag']);
      console.log('alive');
    })`;
    const run = execFileSync(process.execPath, ['--eval', program], { stdio: 'pipe' });
    expect(run.toString()).toBe('alive\n');
  });

  test('takes none as well', () => {
    expect(() => compileBy([])).not.toThrow();
  });
});
