/** Log lines as people read them at a terminal. */
import { describe, expect, test } from '@jest/globals';
import { textLine } from '../../../../../gateway/adapters/log/text-line.ts';

const NOON = Date.UTC(2026, 0, 2, 12, 0, 0, 5);

describe('text line', () => {
  test('carries time, level, event and facts in this order', () => {
    expect(textLine(NOON, 'info', 'leg.answered', { leg: 'l1', ptimeMs: 20 })).toBe(
      '12:00:00.005 info  leg.answered                 leg=l1 ptimeMs=20\n',
    );
  });

  test('quotes what would read as more than one fact', () => {
    expect(textLine(NOON, 'info', 'call.ended', { reason: 'Busy Here', detail: '' })).toContain(
      'reason="Busy Here" detail=""',
    );
  });

  test('shows control characters as dots, so that a peer cannot drive the terminal', () => {
    const line = textLine(NOON, 'info', 'sip.refused', { agent: 'a\x1b[2Jb\nc' });
    expect(line).toContain('agent=a·[2Jb·c');
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  test('colours warnings and errors and puts the colour back', () => {
    const line = textLine(NOON, 'error', 'x', {});
    expect(line.startsWith('\x1b[31m')).toBe(true);
    expect(line.endsWith('\x1b[0m\n')).toBe(true);
    expect(textLine(NOON, 'info', 'x', {})).not.toContain('\x1b');
  });
});
