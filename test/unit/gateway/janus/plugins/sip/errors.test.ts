import { expect, test } from '@jest/globals';
import { refusalOf, SIP_ERRORS } from '../../../../../../gateway/janus/plugins/sip/errors.ts';

test.each([
  ['field.missing', 443],
  ['sip.address', 446],
  ['field.wrong_type', 444],
])('the fault %s is the error %i, and its detail is kept', (code, expected) => {
  const refusal = refusalOf({ code, detail: 'uri' });
  expect(SIP_ERRORS[refusal.error]).toBe(expected);
  expect(refusal.detail).toContain('uri');
});
