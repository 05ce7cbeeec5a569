import { describe, expect, test } from '@jest/globals';
import { declineCause, hangupResult } from '../../../../../../gateway/janus/plugins/sip/endings.ts';

describe('the end of a call', () => {
  test('that never was up has the status of its refusal', () => {
    expect(hangupResult({ name: 'not-found' }, [], false)).toMatchObject({
      event: 'hangup',
      code: 404,
      reason: 'Not Found',
    });
  });

  test('that was up is a 200, and its reason stands beside it', () => {
    expect(hangupResult({ name: 'ice-failed' }, [], true)).toMatchObject({
      code: 200,
      reason_header: 'ice failed',
      reason_header_cause: '27',
    });
  });

  test('keeps the status that a peer gave', () => {
    const sip = { status: 503, reason: 'Overloaded' };
    expect(hangupResult({ name: 'congestion', sip }, [], true)).toMatchObject({
      code: 503,
      reason: 'Overloaded',
    });
  });
});

test.each([
  [486, 'busy', 'Busy Here'],
  [600, 'busy', 'Busy Everywhere'],
  [603, 'declined', 'Decline'],
  [499, 'declined', 'Declined'],
])('a decline with %i is %s', (code, name, reason) => {
  expect(declineCause(code)).toEqual({ name, sip: { status: code, reason } });
});
