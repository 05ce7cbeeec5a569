import { expect, test } from '@jest/globals';
import { parseCSeq } from '../../../../../gateway/wire/sip/cseq.ts';

test('a CSeq is a number below 2^31, white space and a method', () => {
  expect(parseCSeq('0009  INVITE')).toEqual({ ok: true, value: { number: 9, method: 'INVITE' } });
  expect(parseCSeq('2147483647 X').ok).toBe(true);
  for (const bad of ['', '1', 'INVITE 1', '2147483648 INVITE', '-1 INVITE', '1 IN VITE']) {
    expect({ bad, ok: parseCSeq(bad).ok }).toEqual({ bad, ok: false });
  }
});
