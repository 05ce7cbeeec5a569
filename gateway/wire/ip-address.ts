/** IP addresses as text and as octets; IPv6 is written as RFC 5952 §4 asks. */

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

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** 0.0.0.0 or ::, which in SDP mean "send nothing here" (RFC 3264 §8.4, RFC 6157 §3.4). */
export function isUnspecifiedAddress(address: string): boolean {
  const octets = parseIpAddress(address);
  return octets?.every((octet) => octet === 0) ?? false;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.', IPV4_BYTES + 1);
  if (parts.length !== IPV4_BYTES) return undefined;
  const octets = new Uint8Array(IPV4_BYTES);
  for (let i = 0; i < IPV4_BYTES; i += 1) {
    const part = parts[i]!;
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    octets[i] = Number(part);
  }
  return octets;
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > LONGEST_IPV6_TEXT) return undefined;
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = parseGroups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  const compressed = halves.length === 2;
  if (compressed ? given > IPV6_BYTES - 2 : given !== IPV6_BYTES) return undefined;
  const octets = new Uint8Array(IPV6_BYTES);
  octets.set(head);
  octets.set(tail, IPV6_BYTES - tail.length);
  return octets;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (mayEndInIpv4 && i === groups.length - 1 && group.includes('.')) {
      const embedded = parseIpv4(group);
      if (embedded === undefined) return undefined;
      octets.push(...embedded);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
    }
  }
  return octets;
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
