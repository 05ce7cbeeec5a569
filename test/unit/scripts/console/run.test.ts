/** Commands and how they end. */
import { describe, expect, test } from '@jest/globals';
import { outputOf, run } from '../../../../scripts/console/run.mjs';

const node = (code: string, options = {}) => run(process.execPath, ['-e', code], options);

describe('running a command', () => {
  test('gives its exit code and what it said on both outputs', async () => {
    const ended = await node('console.log("a"); console.error("b"); process.exitCode = 3');
    expect(ended.code).toBe(3);
    expect(ended.output.split('\n').sort()).toEqual(['', 'a', 'b']);
  });

  test('a command that does not exist ends with 127', async () => {
    expect(await run('/nowhere/command', [])).toMatchObject({ code: 127 });
  });

  test('an end by a signal is no success', async () => {
    expect((await node('process.kill(process.pid, "SIGKILL")')).code).toBe(128);
  });

  test('its environment is ours and what is given', async () => {
    const { output } = await node('console.log(process.env.GIVEN, !!process.env.PATH)', {
      env: { GIVEN: 'x' },
    });
    expect(output).toBe('x true\n');
  });

  test('after its time it is killed, and says so', async () => {
    const ended = await node('setInterval(() => {}, 1000)', { timeoutMs: 50 });
    expect(ended).toMatchObject({ code: 128, output: expect.stringContaining('was killed') });
  });

  test('the output of a command that must succeed is an error when it does not', async () => {
    expect(await outputOf(process.execPath, ['-p', '1+1'])).toBe('2\n');
    await expect(outputOf(process.execPath, ['-e', 'process.exit(4)'])).rejects.toThrow(
      'ended with 4',
    );
  });
});
