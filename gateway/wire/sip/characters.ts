/** Character classes of SIP's grammar (RFC 3261 §25.1) as one table of bits. */

const TOKEN = 1;
const USER = 2;
const HOST = 4;
const HEXADECIMAL = 8;
const PARAMETER = 16;
const WORD = 32;

const classes = new Uint8Array(128);

function mark(bits: number, characters: string): void {
  for (let i = 0; i < characters.length; i += 1) {
    classes[characters.charCodeAt(i)]! |= bits;
  }
}

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
mark(TOKEN | USER | HOST | PARAMETER | WORD, LETTERS_AND_DIGITS);
mark(TOKEN, "-.!%*_+`'~");
mark(WORD, '-.!%*_+`\'~()<>:\\"/[]?{}@');
mark(USER, "-_.!~*'()&=+$,;?/%");
// The underscore is no host character by the RFC, but names in private DNS zones have it.
mark(HOST, '-._');
mark(PARAMETER, "-_.!~*'()[]/:&+$%");
mark(HEXADECIMAL, '0123456789abcdefABCDEF');

function all(bits: number, text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 127 || (classes[code]! & bits) === 0) return false;
  }
  return true;
}

/** Whether `text` is a non-empty token. */
export function isToken(text: string): boolean {
  return text.length > 0 && all(TOKEN, text, 0, text.length);
}

/** Whether `text` is a callid: `word [ "@" word ]`. */
export function isCallId(text: string): boolean {
  return text.length > 0 && all(WORD, text, 0, text.length);
}

/** Whether `text` may stand before the `@` of a SIP URI, escapes unchecked. */
export function isUserPart(text: string): boolean {
  return text.length > 0 && all(USER, text, 0, text.length);
}

/** Whether `text` has only the characters of a host name or an IPv4 address. */
export function isHostPart(text: string): boolean {
  return text.length > 0 && all(HOST, text, 0, text.length);
}

/** Whether `text` may be a URI parameter's name or value (paramchar), escapes unchecked. */
export function isUriParameterPart(text: string): boolean {
  return text.length > 0 && all(PARAMETER, text, 0, text.length);
}

/** Whether every `%` in `text` begins an escape of two hexadecimal digits. */
export function hasWholeEscapes(text: string): boolean {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 3)) {
    if (at + 3 > text.length || !all(HEXADECIMAL, text, at + 1, at + 3)) return false;
  }
  return true;
}

/** `text` with its escapes decoded as UTF-8; `text` must have whole escapes. */
export function decodeEscapes(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '%') {
      bytes.push(Number.parseInt(text.slice(i + 1, i + 3), 16));
      i += 2;
    } else {
      bytes.push(text.charCodeAt(i));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** A user name made safe for a URI's user part. */
export function escapeUser(user: string): string {
  let escaped = '';
  for (const byte of Buffer.from(user, 'utf8')) {
    const plain = byte < 128 && byte !== 0x25 && (classes[byte]! & USER) !== 0;
    escaped += plain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** A run of decimal digits as a number of at most `max`; undefined for anything else. */
export function decimal(text: string, max: number): number | undefined {
  if (text.length === 0 || text.length > 20) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value <= max ? value : undefined;
}

/** Index of the first `character` outside quoted strings at or after `from`; -1 if none. */
export function indexOutsideQuotes(text: string, character: string, from: number): number {
  const wanted = character.charCodeAt(0);
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === wanted) return i;
    if (code === 0x22) {
      i = endOfQuotes(text, i);
      if (i === -1) return -1;
    }
  }
  return -1;
}

/** Index of the quote that closes the one at `open`; -1 if it is never closed. */
export function endOfQuotes(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i += 1;
    else if (code === 0x22) return i;
  }
  return -1;
}

/** The text of a quoted string, quotes removed and quoted pairs resolved. */
export function unquote(text: string): string {
  const inner = text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

/** `text` as a quoted string. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
