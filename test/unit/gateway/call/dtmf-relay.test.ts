/** Digits in INFO bodies. */
import { describe, expect, test } from '@jest/globals';
import { formatDtmfRelay, parseDtmf } from '../../../../gateway/call/dtmf-relay.ts';

const RELAY = 'application/dtmf-relay';

describe('a DTMF body', () => {
  test.each([
    [RELAY, 'Signal=5\r\nDuration=160\r\n', { digit: '5', durationMs: 160 }],
    [RELAY, 'Signal= 5\nDuration= 240', { digit: '5', durationMs: 240 }],
    [`${RELAY}; charset=x`, 'signal=#', { digit: '#', durationMs: 160 }],
    [RELAY, 'Signal=10\r\nDuration=80', { digit: '*', durationMs: 80 }],
    [RELAY, 'Signal=11', { digit: '#', durationMs: 160 }],
    [RELAY, 'Signal=a\r\nDuration=100', { digit: 'A', durationMs: 100 }],
    [RELAY, 'Signal=1\r\nDuration=1e9', { digit: '1', durationMs: 160 }],
    [RELAY, 'Signal=1\r\nDuration=-3', { digit: '1', durationMs: 160 }],
    ['application/dtmf', '7', { digit: '7', durationMs: 160 }],
    ['application/dtmf', '  * \r\n', { digit: '*', durationMs: 160 }],
    [RELAY, '', undefined],
    [RELAY, 'Signal=', undefined],
    [RELAY, 'Signal=99', undefined],
    [RELAY, `Signal=1\r\n${'x'.repeat(300)}`, undefined],
    ['text/plain', 'Signal=1', undefined],
  ])('of %s holding %j is %j', (type, body, digit) => {
    expect(parseDtmf(type, body)).toEqual(digit);
  });

  test('of ours is understood by us', () => {
    for (const digit of '0123456789*#ABCD') {
      const body = formatDtmfRelay({ digit, durationMs: 200 });
      expect(parseDtmf(RELAY, body)).toEqual({ digit, durationMs: 200 });
    }
  });
});
