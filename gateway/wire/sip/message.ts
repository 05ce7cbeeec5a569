/** The model of a SIP message (RFC 3261 §7): a start line, ordered headers and a body. */
import { indexOutsideQuotes } from './characters.ts';
import type { CSeq } from './cseq.ts';
import { canonicalName } from './header-names.ts';
import { MAX_LIST_VALUES } from './limits.ts';
import type { NameAddress } from './name-address.ts';
import type { SipUri } from './uri.ts';
import type { Via } from './via.ts';

/** A header field; `name` in its canonical spelling, `value` unfolded and trimmed. */
export interface SipHeader {
  readonly name: string;
  readonly value: string;
}

export interface SipBody {
  /** The Content-Type value as written: `application/sdp`. */
  readonly contentType: string;
  readonly content: Uint8Array;
}

interface MessageParts {
  /** All header fields in order, those parsed below included; Content-Length is left out. */
  readonly headers: readonly SipHeader[];
  readonly content: Uint8Array;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: CSeq;
}

export interface SipRequest extends MessageParts {
  readonly type: 'request';
  readonly method: string;
  readonly requestUri: SipUri;
  readonly maxForwards: number | undefined;
}

export interface SipResponse extends MessageParts {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** The value of the first header called `name`, in any spelling. */
export function headerValue(headers: readonly SipHeader[], name: string): string | undefined {
  const wanted = canonicalName(name);
  for (const header of headers) if (isNamed(header, wanted)) return header.value;
  return undefined;
}

/** Every value of `name` in order, comma-separated lists taken apart. Not for dates or digests. */
export function headerValues(headers: readonly SipHeader[], name: string): string[] {
  const wanted = canonicalName(name);
  const values: string[] = [];
  for (const header of headers) {
    if (isNamed(header, wanted)) values.push(...splitList(header.value));
    if (values.length > MAX_LIST_VALUES) return values.slice(0, MAX_LIST_VALUES);
  }
  return values;
}

/** Every field of `name` in order, each value whole. */
export function headerFields(headers: readonly SipHeader[], name: string): string[] {
  const wanted = canonicalName(name);
  return headers.filter((header) => isNamed(header, wanted)).map((header) => header.value);
}

/** Canonical names are equal as they stand; names nobody registered compare without case. */
function isNamed(header: SipHeader, wanted: string): boolean {
  if (header.name === wanted) return true;
  return header.name.length === wanted.length && header.name.toLowerCase() === wanted.toLowerCase();
}

/** Splits at commas outside quotes and angle brackets; white space and empty parts vanish. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return value === '' ? [] : [value];
  const values: string[] = [];
  let start = 0;
  let at = 0;
  while (at < value.length && values.length <= MAX_LIST_VALUES) {
    const comma = nextComma(value, at);
    const end = comma === -1 ? value.length : comma;
    const part = value.slice(start, end).trim();
    if (part !== '') values.push(part);
    start = end + 1;
    at = start;
  }
  return values;
}

function nextComma(value: string, from: number): number {
  const comma = indexOutsideQuotes(value, ',', from);
  const open = indexOutsideQuotes(value, '<', from);
  if (open === -1 || comma < open) return comma;
  const close = value.indexOf('>', open);
  return close === -1 ? comma : nextCommaAfter(value, close + 1);
}

function nextCommaAfter(value: string, from: number): number {
  let at = from;
  for (;;) {
    const comma = indexOutsideQuotes(value, ',', at);
    const open = indexOutsideQuotes(value, '<', at);
    if (open === -1 || comma < open) return comma;
    const close = value.indexOf('>', open);
    if (close === -1) return comma;
    at = close + 1;
  }
}

/** The tokens of list headers (Require, Supported, Allow) in lower case. */
export function headerTokens(headers: readonly SipHeader[], name: string): string[] {
  return headerValues(headers, name).map((value) => value.toLowerCase());
}

export function bodyOf(message: SipMessage): SipBody | undefined {
  if (message.content.length === 0) return undefined;
  const contentType = headerValue(message.headers, 'Content-Type') ?? '';
  return { contentType, content: message.content };
}

/** The media type of a Content-Type value, without parameters, in lower case. */
export function mediaType(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  const type = semicolon === -1 ? contentType : contentType.slice(0, semicolon);
  return type.replace(/\s/g, '').toLowerCase();
}

export function textBody(contentType: string, text: string): SipBody {
  return { contentType, content: Buffer.from(text, 'utf8') };
}

export function bodyText(body: SipBody): string {
  const { buffer, byteOffset, byteLength } = body.content;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
