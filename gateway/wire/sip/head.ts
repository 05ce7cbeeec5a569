/** The head of a SIP message as lines: start line and header fields (RFC 3261 §7.3.1). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { isToken } from './characters.ts';
import { canonicalName } from './header-names.ts';
import { MAX_HEADERS } from './limits.ts';
import type { SipHeader } from './message.ts';

export interface Head {
  readonly startLine: string;
  readonly headers: readonly SipHeader[];
}

/**
 * A control octet that is no tab and not escaped by a backslash (RFC 4475 §3.1.1.2 has those), or
 * a carriage return without its line feed.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are its subject
const STRAY_CONTROL = /(?<!\\)[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/;

/** The same without looking back, which costs at every octet and is hardly ever needed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are its subject
const ANY_CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/;

/** Takes apart the text before the empty line; lines end in CR LF and nothing else. */
export function parseHead(text: string): Result<Head> {
  if (ANY_CONTROL.test(text) && STRAY_CONTROL.test(text))
    return fail('sip.head', 'control character');
  let end = lineEnd(text, 0);
  if (end === -1) return fail('sip.head', 'bare line feed');
  const startLine = text.slice(0, end);
  const headers: SipHeader[] = [];
  while (end < text.length) {
    const start = end + 2;
    if (start >= text.length) break;
    end = lineEnd(text, start);
    if (end === -1) return fail('sip.head', 'bare line feed');
    let line = text.slice(start, end);
    while (isSpace(text.charCodeAt(end + 2))) {
      const next = lineEnd(text, end + 2);
      if (next === -1) return fail('sip.head', 'bare line feed');
      line = `${line.trimEnd()} ${text.slice(end + 2, next).trim()}`;
      end = next;
    }
    const header = parseHeader(line);
    if (header === undefined) return fail('sip.head', 'not a header');
    if (headers.length >= MAX_HEADERS) return fail('sip.head', 'too many headers');
    headers.push(header);
  }
  return succeed({ startLine, headers });
}

/** Index of the CR that ends the line, or the end of the text; -1 for a bare LF. */
function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  if (feed === -1) return text.length;
  return text.charCodeAt(feed - 1) === 0x0d && feed > from ? feed - 1 : -1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function parseHeader(line: string): SipHeader | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0) return undefined;
  const name = line.slice(0, colon).trimEnd();
  if (!isToken(name)) return undefined;
  return { name: canonicalName(name), value: line.slice(colon + 1).trim() };
}
