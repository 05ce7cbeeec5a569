/** Values that redact themselves, and the log that says nothing. */
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Personal, Secret, silentLog } from '../../../../gateway/core/log.ts';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  test('is revealed on demand only', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  test.each([
    ['as text', String(secret)],
    ['in a template', `${secret}`],
    ['as JSON', JSON.stringify({ secret })],
    ['inspected', inspect({ secret }, { depth: 9, showHidden: true })],
    ['spread', JSON.stringify({ ...secret })],
  ])('shows nothing %s', (_, shown) => {
    expect(shown).not.toContain('hunter2');
  });
});

test('a personal datum knows its kind', () => {
  expect(new Personal('number', '+441632960001')).toMatchObject({ kind: 'number' });
});

test('the silent log has silent children', () => {
  expect(silentLog.child({ call: 'c' })).toBe(silentLog);
  expect(() => silentLog.error('x', { a: 1 })).not.toThrow();
});
