/** The model of a SIP message (RFC 3261 §7): a start line, ordered headers and a body. */
import { endOfQuotes } from './characters.ts';
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
  const lastBracket = value.lastIndexOf('>');
  const values: string[] = [];
  let start = 0;
  while (start < value.length && values.length <= MAX_LIST_VALUES) {
    const end = endOfListPart(value, start, lastBracket);
    const part = value.slice(start, end).trim();
    if (part !== '') values.push(part);
    start = end + 1;
  }
  return values;
}

/** One pass over the value, however many commas a stranger puts into it. */
function endOfListPart(value: string, start: number, lastBracket: number): number {
  for (let at = start; at < value.length; at += 1) {
    const character = value[at];
    if (character === ',') return at;
    if (character === '"') {
      at = endOfQuotes(value, at);
      if (at === -1) return value.length;
    } else if (character === '<' && at < lastBracket) {
      at = value.indexOf('>', at);
    }
  }
  return value.length;
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
