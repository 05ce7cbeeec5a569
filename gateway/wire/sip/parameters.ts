/** Semicolon-separated parameters of headers and URIs (RFC 3261 §25.1 generic-param). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { indexOutsideQuotes, isToken } from './characters.ts';
import { MAX_PARAMETERS } from './limits.ts';

export interface Parameter {
  /** In lower case. */
  readonly name: string;
  /** As written, quotes included; `null` for a parameter without a value. */
  readonly value: string | null;
}

/** In order of appearance. An array, not an object: names are chosen by strangers. */
export type Parameters = readonly Parameter[];

export const NO_PARAMETERS: Parameters = [];

/** The value of the first parameter called `name`; `null` without a value, undefined if absent. */
export function parameter(parameters: Parameters, name: string): string | null | undefined {
  for (const entry of parameters) if (entry.name === name) return entry.value;
  return undefined;
}

/** Parses what follows a header value: `;tag=1;lr`, white space allowed around each sign. */
export function parseHeaderParameters(text: string, from: number): Result<Parameters> {
  const parameters: Parameter[] = [];
  let at = from;
  while (at < text.length) {
    if (text.charCodeAt(at) !== 0x3b) return fail('sip.parameters', 'no semicolon');
    const next = indexOutsideQuotes(text, ';', at + 1);
    const end = next === -1 ? text.length : next;
    const entry = parseHeaderParameter(text.slice(at + 1, end).trim());
    if (entry === undefined) return fail('sip.parameters', 'not a parameter');
    if (parameters.length >= MAX_PARAMETERS) return fail('sip.parameters', 'too many');
    parameters.push(entry);
    at = end;
  }
  return succeed(parameters);
}

function parseHeaderParameter(text: string): Parameter | undefined {
  const equals = text.indexOf('=');
  if (equals === -1) {
    return isToken(text) ? { name: text.toLowerCase(), value: null } : undefined;
  }
  const name = text.slice(0, equals).trimEnd();
  const value = text.slice(equals + 1).trimStart();
  if (!isToken(name) || !isParameterValue(value)) return undefined;
  return { name: name.toLowerCase(), value };
}

/** token / host / quoted-string; a bare IPv6 literal is accepted too (RFC 5118 §4.5). */
function isParameterValue(value: string): boolean {
  if (value.startsWith('"')) {
    return value.length >= 2 && indexOutsideQuotes(`${value} `, ' ', 0) === value.length;
  }
  return value.length > 0 && /^[\w.!%*+`'~:[\]/@?&$(){}^|-]+$/.test(value);
}

export function serialiseParameters(parameters: Parameters): string {
  let text = '';
  for (const { name, value } of parameters) {
    text += value === null ? `;${name}` : `;${name}=${value}`;
  }
  return text;
}

/** `parameters` with `name` set to `value`, in its place if it was there. */
export function withParameter(
  parameters: Parameters,
  name: string,
  value: string | null,
): Parameters {
  const entry = { name, value };
  const found = parameters.some((candidate) => candidate.name === name);
  if (!found) return [...parameters, entry];
  return parameters.map((candidate) => (candidate.name === name ? entry : candidate));
}
