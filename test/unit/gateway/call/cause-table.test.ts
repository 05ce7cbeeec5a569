/** The table of causes: every row complete and within what its protocols allow. */
import { describe, expect, test } from '@jest/globals';
import { CAUSES, type CauseName } from '../../../../gateway/call/cause-table.ts';

const NAMES = Object.keys(CAUSES) as CauseName[];

describe('the table of causes', () => {
  test.each(NAMES)('%s has a final SIP failure, a Q.850 value and an HTTP status', (name) => {
    const row = CAUSES[name];
    expect(row.sip).toBeGreaterThanOrEqual(400);
    expect(row.sip).toBeLessThan(700);
    expect(row.q850).toBeGreaterThanOrEqual(1);
    expect(row.q850).toBeLessThanOrEqual(127);
    expect(row.http).toBeGreaterThanOrEqual(200);
    expect(row.http).toBeLessThan(600);
    expect(row.reason).not.toBe('');
  });
});
