/** The log of a process goes to its standard output, in the form that suits the reader. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { processLog } from '../../../../../gateway/adapters/log/process-log.ts';

const clock = { now: () => 0, wallClockMs: () => 0 };
const terminal = process.stdout.isTTY;

function written(format: 'auto' | 'json' | 'text', isTTY: boolean): string {
  process.stdout.isTTY = isTTY;
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  processLog('media-m0', { level: 'info', format, redact: [] }, clock).info('leg.opened');
  return String(write.mock.calls[0]?.[0]);
}

afterEach(() => {
  jest.restoreAllMocks();
  process.stdout.isTTY = terminal;
});

describe('log of a process', () => {
  test.each([
    ['auto', true, 'text'],
    ['auto', false, 'json'],
    ['json', true, 'json'],
    ['text', false, 'text'],
  ] as const)('format %s with a terminal %s is %s', (format, isTTY, expected) => {
    expect(written(format, isTTY).startsWith('{') ? 'json' : 'text').toBe(expected);
  });

  test('every line names the process', () => {
    expect(JSON.parse(written('json', false))).toMatchObject({
      process: 'media-m0',
      event: 'leg.opened',
    });
  });
});
