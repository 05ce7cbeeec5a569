/** The log of a process, line by line. */
import { describe, expect, test } from '@jest/globals';
import { createLog, type LogOptions } from '../../../../../gateway/adapters/log/pino-log.ts';
import { Personal, Secret } from '../../../../../gateway/core/log.ts';

function linesOf(options: Partial<LogOptions>) {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    redact: [],
    clock: { now: () => 0, wallClockMs: () => 1_700_000_000_123 },
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines };
}

describe('log', () => {
  test('writes one JSON object a line with time, level, event and facts', () => {
    const { log, lines } = linesOf({});
    log.info('leg.answered', { leg: 'l1', codec: 'opus' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: 1_700_000_000_123,
      leg: 'l1',
      codec: 'opus',
      event: 'leg.answered',
    });
    expect(lines[0]?.endsWith('\n')).toBe(true);
  });

  test.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at level %s it writes %i of the four levels', (level, count) => {
    const { log, lines } = linesOf({ level });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines).toHaveLength(count);
  });

  test('a child adds its fields to every line, and its own child adds to those', () => {
    const { log, lines } = linesOf({});
    log.child({ call: 'c1' }).child({ leg: 'l1' }).warn('leg.lost');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ call: 'c1', leg: 'l1', event: 'leg.lost' });
  });

  test.each(['json', 'text'] as const)('as %s it shows no secret, bound or not', (format) => {
    const { log, lines } = linesOf({ format, redact: ['address'] });
    log
      .child({ password: new Secret('hunter2'), from: new Personal('address', '192.0.2.7') })
      .error('auth.failed', { ha1: new Secret('c0ffee') });
    expect(lines.join('')).not.toMatch(/hunter2|c0ffee|192\.0\.2\.7/);
    expect(lines.join('')).toContain('[address]');
  });
});
