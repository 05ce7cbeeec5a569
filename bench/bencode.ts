/** Bencoding, in which rtpengine's ng control protocol is written. */

export type Bencoded =
  | string
  | number
  | readonly Bencoded[]
  | { readonly [key: string]: Bencoded | undefined };

export type BencodeDictionary = { [key: string]: Bencoded };

/** Dictionary keys are sorted, and keys whose value is undefined left out. */
export function bencode(value: Bencoded): string {
  if (typeof value === 'number') return `i${value}e`;
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (Array.isArray(value)) return `l${value.map(bencode).join('')}e`;
  const entries = Object.entries(value as { [key: string]: Bencoded | undefined })
    .filter((entry): entry is [string, Bencoded] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `d${entries.map(([key, item]) => bencode(key) + bencode(item)).join('')}e`;
}

/** The dictionary that `text` is; throws on anything else, for it comes from a tool we started. */
export function decodeDictionary(text: Uint8Array): BencodeDictionary {
  const { value, end } = decodeAt(Buffer.from(text), 0);
  if (end !== text.length || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error('bencode: not one dictionary');
  }
  return value as BencodeDictionary;
}

interface Decoded {
  readonly value: Bencoded;
  readonly end: number;
}

function decodeAt(text: Buffer, at: number): Decoded {
  switch (text[at]) {
    case 0x69: // i
      return decodeInteger(text, at);
    case 0x6c: // l
      return decodeList(text, at);
    case 0x64: // d
      return decodeEntries(text, at);
    default:
      return decodeString(text, at);
  }
}

function decodeInteger(text: Buffer, at: number): Decoded {
  const end = indexOf(text, 'e', at);
  return { value: Number(text.toString('latin1', at + 1, end)), end: end + 1 };
}

function decodeString(text: Buffer, at: number): Decoded {
  const colon = indexOf(text, ':', at);
  const length = Number(text.toString('latin1', at, colon));
  const end = colon + 1 + length;
  if (!Number.isInteger(length) || end > text.length) throw new Error('bencode: bad string');
  return { value: text.toString('utf8', colon + 1, end), end };
}

function decodeList(text: Buffer, at: number): Decoded {
  const items: Bencoded[] = [];
  let end = at + 1;
  while (text[end] !== 0x65) {
    const item = decodeAt(text, end);
    items.push(item.value);
    end = item.end;
  }
  return { value: items, end: end + 1 };
}

function decodeEntries(text: Buffer, at: number): Decoded {
  const entries: BencodeDictionary = {};
  let end = at + 1;
  while (text[end] !== 0x65) {
    const key = decodeString(text, end);
    const item = decodeAt(text, key.end);
    entries[String(key.value)] = item.value;
    end = item.end;
  }
  return { value: entries, end: end + 1 };
}

function indexOf(text: Buffer, character: string, from: number): number {
  const found = text.indexOf(character, from, 'latin1');
  if (found < 0) throw new Error('bencode: cut short');
  return found;
}
