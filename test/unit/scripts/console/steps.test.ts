/** Steps as people see them. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { main, Refusal, step } from '../../../../scripts/console/steps.mjs';

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

async function told(work: () => unknown): Promise<string> {
  const lines: string[] = [];
  await step('web page', work, (text: string) => lines.push(text)).catch(() => {});
  return lines.join('');
}

describe('a step', () => {
  test.each([
    ['a note', () => 'built', /✓ web page +\d+\.\d s {2}built\n$/],
    ['nothing', () => undefined, /✓ web page +\d+\.\d s\n$/],
    ['a failed outcome', () => ({ failed: true, note: '1 failed' }), /✗ web page .* 1 failed\n$/],
    [
      'an error',
      () => {
        throw new Error('x');
      },
      /✗ web page +\d+\.\d s\n$/,
    ],
  ])('that ends with %s is one line', async (_, work, line) => {
    expect(await told(work)).toMatch(line);
  });
});

describe('a script', () => {
  test('exits with what its work gives, or 0', async () => {
    await main(async () => 3);
    expect(process.exitCode).toBe(3);
    await main(async () => undefined);
    expect(process.exitCode).toBe(0);
  });

  test('tells a refusal without a stack, an error with one, and exits with 1', async () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await main(async () => {
      throw new Refusal('run this first');
    });
    expect(write.mock.calls.at(-1)?.[0]).toBe('\nrun this first\n');
    await main(async () => {
      throw new Error('a mistake');
    });
    expect(write.mock.calls.at(-1)?.[0]).toContain('at ');
    expect(process.exitCode).toBe(1);
  });
});
