import { describe, expect, test } from '@jest/globals';
import {
  matchesFingerprints,
  promiseTheSame,
} from '../../../../../gateway/media/dtls/fingerprints.ts';
import type { FingerprintHash } from '../../../../../gateway/native/contract.ts';

const certificate = (hash: FingerprintHash) => `${hash.slice(4)}:AB`.toUpperCase();
const line = (hash: string, value: string) => ({ hash, value });

describe('a certificate', () => {
  test.each([
    ['the promised one', [line('sha-256', '256:AB')], true],
    ['the promised one in lower case', [line('SHA-256', '256:ab')], true],
    ['another one', [line('sha-256', '256:CD')], false],
    ['one of two of a hash', [line('sha-256', '256:CD'), line('sha-256', '256:AB')], true],
    ['right by the strongest hash', [line('sha-1', '1:AB'), line('sha-512', '512:AB')], true],
    ['right by a weaker hash only', [line('sha-1', '1:AB'), line('sha-512', '512:CD')], false],
    ['promised by an unknown hash only', [line('md5', '5:AB')], false],
    ['promised beside an unknown hash', [line('md5', 'x'), line('sha-256', '256:AB')], true],
    ['not promised at all', [], false],
  ])('that is %s matches: %#', (_what, promised, isMatch) => {
    expect(matchesFingerprints(promised, certificate)).toBe(isMatch);
  });
});

describe('two descriptions', () => {
  test('promise the same in any order and case, and something else otherwise', () => {
    const a = [line('sha-256', 'AB'), line('sha-512', 'CD')];
    expect(promiseTheSame(a, [line('SHA-512', 'cd'), line('sha-256', 'ab')])).toBe(true);
    expect(promiseTheSame(a, [line('sha-256', 'AB')])).toBe(false);
    expect(promiseTheSame([], [])).toBe(true);
  });
});
