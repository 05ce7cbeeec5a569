/** CSeq values (RFC 3261 §20.16). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { decimal, isToken } from './characters.ts';
import { MAX_CSEQ } from './limits.ts';

export interface CSeq {
  /** Below 2^31. */
  readonly number: number;
  readonly method: string;
}

export function parseCSeq(text: string): Result<CSeq> {
  const gap = text.search(/[ \t]/);
  if (gap === -1) return fail('sip.cseq', 'no method');
  const number = decimal(text.slice(0, gap), MAX_CSEQ);
  if (number === undefined) return fail('sip.cseq', 'not a number below 2^31');
  const method = text.slice(gap).trim();
  return isToken(method) ? succeed({ number, method }) : fail('sip.cseq', 'not a method');
}
