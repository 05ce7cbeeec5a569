/** Which values of a log line are printed, and as what: secrets never, personal data by choice. */
import { type LogFields, Personal, type PersonalKind, Secret } from '../../core/log.ts';

export type Printable = string | number | boolean | null;

/** Characters printed of one value; the rest is cut, since peers choose what they send. */
const MAX_VALUE_LENGTH = 2_000;

/** The fields as they may be printed. Undefined ones are left out. */
export function printable(
  fields: LogFields,
  redacted: ReadonlySet<PersonalKind>,
): Record<string, Printable> {
  const printed: Record<string, Printable> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value instanceof Secret) printed[key] = '[secret]';
    else if (value instanceof Personal) printed[key] = personal(value, redacted);
    else printed[key] = typeof value === 'string' ? cut(value) : value;
  }
  return printed;
}

function personal(value: Personal, redacted: ReadonlySet<PersonalKind>): string {
  return redacted.has(value.kind) ? `[${value.kind}]` : cut(value.value);
}

function cut(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
