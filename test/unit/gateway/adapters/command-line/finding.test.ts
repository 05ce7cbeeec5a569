/** How findings are told, and what fails an examination. */
import { expect, test } from '@jest/globals';
import {
  exitCodeOf,
  type Finding,
  findingLines,
} from '../../../../../gateway/adapters/command-line/finding.ts';

const good: Finding = { name: 'clock', verdict: 'good', detail: 'fine' };
const warning: Finding = { name: 'buffers', verdict: 'warning', detail: 'small' };
const bad: Finding = { name: 'addon', verdict: 'bad', detail: 'missing' };

test('a finding is a line with its mark, name and detail', () => {
  expect(findingLines([good, warning, bad])).toBe(
    '✓ clock                fine\n! buffers              small\n✗ addon                missing\n',
  );
});

test('only what is bad fails an examination', () => {
  expect([exitCodeOf([good, warning]), exitCodeOf([good, bad])]).toEqual([0, 1]);
});
