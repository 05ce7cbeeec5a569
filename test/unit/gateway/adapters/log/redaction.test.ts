/** What a log line may show of secrets and of people. */
import { describe, expect, test } from '@jest/globals';
import { printable } from '../../../../../gateway/adapters/log/redaction.ts';
import { Personal, Secret } from '../../../../../gateway/core/log.ts';

describe('redaction', () => {
  test('a secret is never printed, whatever the operator chose', () => {
    const fields = { key: new Secret('hunter2'), octets: new Secret(new Uint8Array([1, 2, 3])) };
    expect(printable(fields, new Set())).toEqual({ key: '[secret]', octets: '[secret]' });
  });

  test('personal data is printed unless its kind is redacted', () => {
    const fields = {
      source: new Personal('address', '192.0.2.7'),
      caller: new Personal('number', '+441632960001'),
    };
    expect(printable(fields, new Set())).toEqual({
      source: '192.0.2.7',
      caller: '+441632960001',
    });
    expect(printable(fields, new Set(['number']))).toEqual({
      source: '192.0.2.7',
      caller: '[number]',
    });
  });

  test('an undefined field is left out, a null one stays', () => {
    expect(printable({ codec: undefined, cause: null }, new Set())).toEqual({ cause: null });
  });

  test('a value is cut at 2,000 characters, personal ones too', () => {
    const long = 'x'.repeat(5_000);
    const printed = printable({ plain: long, name: new Personal('name', long) }, new Set());
    expect(printed).toEqual({ plain: `${'x'.repeat(2_000)}…`, name: `${'x'.repeat(2_000)}…` });
  });
});
