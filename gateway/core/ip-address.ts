/** IP addresses as text and as octets (RFC 3986 §3.2.2); IPv6 is written as RFC 5952 §4 asks. */

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const LONGEST_IPV6_TEXT = 45;

/** The octets of an IPv4 or IPv6 literal, 4 or 16; undefined if the text is neither. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Text of the 4 or 16 octets at `at`. */
export function formatIpAddress(bytes: Uint8Array, at: number, length: 4 | 16): string {
  return length === IPV4_BYTES ? formatIpv4(bytes, at) : formatIpv6(bytes, at);
}

export function isIpAddress(text: string): boolean {
  return parseIpAddress(text) !== undefined;
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** 0.0.0.0 or ::, which in SDP mean "send nothing here" (RFC 3264 §8.4, RFC 6157 §3.4). */
export function isUnspecifiedAddress(address: string): boolean {
  const octets = parseIpAddress(address);
  return octets?.every((octet) => octet === 0) ?? false;
}

/** Whether two literals are the same address: `::1` and `0:0:0:0:0:0:0:1`, mapped IPv4 too. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const left = unmapped(a);
  const right = unmapped(b);
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  return left.every((byte, index) => byte === right[index]);
}

/** The octets of a literal, with `::ffff:192.0.2.1` as the IPv4 address it stands for. */
export function unmapped(text: string): Uint8Array | undefined {
  const bytes = parseIpAddress(text);
  if (bytes?.length !== IPV6_BYTES) return bytes;
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0);
  return mapped && bytes[10] === 0xff && bytes[11] === 0xff ? bytes.subarray(12) : bytes;
}

/** `host` as it stands in a URI or Via: an IPv6 literal gets its brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(IPV4_BYTES);
  let octet = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 0x2e;
    if (code === 0x2e) {
      if (value === -1 || octet === IPV4_BYTES) return undefined;
      bytes[octet] = value;
      octet += 1;
      value = -1;
    } else if (code >= 0x30 && code <= 0x39) {
      value = (value === -1 ? 0 : value * 10) + (code - 0x30);
      if (value > 255) return undefined;
    } else {
      return undefined;
    }
  }
  return octet === IPV4_BYTES ? bytes : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > LONGEST_IPV6_TEXT) return undefined;
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  const gap = address.indexOf('::');
  if (gap === -1) {
    const groups = parseGroups(address, true);
    return groups?.length === IPV6_BYTES ? Uint8Array.from(groups) : undefined;
  }
  if (address.includes('::', gap + 1)) return undefined;
  const head = parseGroups(address.slice(0, gap), false);
  const tail = parseGroups(address.slice(gap + 2), true);
  if (head === undefined || tail === undefined || head.length + tail.length > IPV6_BYTES - 2)
    return undefined;
  const bytes = new Uint8Array(IPV6_BYTES);
  bytes.set(head, 0);
  bytes.set(tail, IPV6_BYTES - tail.length);
  return bytes;
}

/** The octets of colon-separated groups; at the end of an address the last may be IPv4. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const isLast = mayEndInIpv4 && index === groups.length - 1;
      const ipv4 = isLast ? parseIpv4(group) : undefined;
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

function formatIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`;
}

function formatIpv6(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < IPV6_BYTES; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${formatIpv4(bytes, at + 12)}`;
  const { start, length } = longestZeroRun(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  if (length < 2) return text(0, groups.length);
  return `${text(0, start)}::${text(start + length, groups.length)}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i += 1) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
