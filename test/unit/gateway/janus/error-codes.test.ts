import { describe, expect, test } from '@jest/globals';
import { API_ERRORS, apiError, errorOfFault } from '../../../../gateway/janus/error-codes.ts';

describe('errors of the API', () => {
  test('every name has a code of its own', () => {
    const codes = Object.values(API_ERRORS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('an error names what is known of its request', () => {
    expect(apiError('noSuchHandle', { transaction: 't', session: 4 }, 'x')).toEqual({
      janus: 'error',
      session_id: 4,
      transaction: 't',
      error: { code: 459, reason: 'No such handle in this session (x)' },
    });
  });

  test.each([
    ['field.missing', 456],
    ['field.wrong_type', 467],
    ['jsep.type', 464],
    ['anything.else', 467],
  ])('the fault %s is the error %i', (code, expected) => {
    expect(API_ERRORS[errorOfFault({ code, detail: '' })].code).toBe(expected);
  });
});
