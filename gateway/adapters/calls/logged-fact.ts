/** A fact of a call as fields of the log, with what is personal in it marked by its kind. */
import type { CallFact } from '../../call/b2bua-contract.ts';
import { type LogFields, type LogValue, Personal } from '../../core/log.ts';

const SIP_ADDRESS = /^(?:sips?|tel):/i;
/** The user part is a number: digits and what people write between them. */
const NUMBER = /^(?:sips?|tel):\+?[\d*#().-]+(?:[@;]|$)/i;
/** Accounts, and the rules of routing that are called by who was called. */
const NAMED = /^(?:user|client)[: ]/;

export function loggedFact({ call, leg, fields }: CallFact): LogFields {
  const logged = Object.entries(fields).map(([name, value]) => [name, loggedValue(value)] as const);
  return { call, leg, ...Object.fromEntries(logged) };
}

function loggedValue(value: string | number | boolean): LogValue {
  if (typeof value !== 'string') return value;
  if (NUMBER.test(value)) return new Personal('number', value);
  return SIP_ADDRESS.test(value) || NAMED.test(value) ? new Personal('name', value) : value;
}
