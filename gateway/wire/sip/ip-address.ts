/** IPv4 and IPv6 literals and CIDR prefixes, as SIP needs them (RFC 3986 §3.2.2, RFC 6890). */

/** 4 or 16 octets; undefined for anything that is not an address literal. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let octet = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 0x2e;
    if (code === 0x2e) {
      if (value === -1 || octet === 4) return undefined;
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
  return octet === 4 ? bytes : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined;
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  const gap = address.indexOf('::');
  if (gap === -1) {
    const groups = parseGroups(address);
    return groups?.length === 16 ? Uint8Array.from(groups) : undefined;
  }
  if (address.includes('::', gap + 1)) return undefined;
  const head = parseGroups(address.slice(0, gap));
  const tail = parseGroups(address.slice(gap + 2));
  if (head === undefined || tail === undefined || head.length + tail.length > 14) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** The octets of colon-separated groups; the last may be an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const ipv4 = index === groups.length - 1 ? parseIpv4(group) : undefined;
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

export function isIpAddress(text: string): boolean {
  return parseIpAddress(text) !== undefined;
}

/** Whether two literals are the same address: `::1` and `0:0:0:0:0:0:0:1`, mapped IPv4 too. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const left = unmapped(a);
  const right = unmapped(b);
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  return left.every((byte, index) => byte === right[index]);
}

/** `::ffff:192.0.2.1` as the IPv4 address it stands for. */
function unmapped(text: string): Uint8Array | undefined {
  const bytes = parseIpAddress(text);
  if (bytes?.length !== 16) return bytes;
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0);
  return mapped && bytes[10] === 0xff && bytes[11] === 0xff ? bytes.subarray(12) : bytes;
}

/** Whether `address` lies in `prefix`, a CIDR block (`10.0.0.0/8`) or a single address. */
export function isInNetwork(address: string, prefix: string): boolean {
  const slash = prefix.indexOf('/');
  const base = unmapped(slash === -1 ? prefix : prefix.slice(0, slash));
  const bytes = unmapped(address);
  if (base === undefined || bytes === undefined || base.length !== bytes.length) return false;
  const length = slash === -1 ? base.length * 8 : Number(prefix.slice(slash + 1));
  if (!Number.isInteger(length) || length < 0 || length > base.length * 8) return false;
  for (let bit = 0; bit < length; bit += 8) {
    const mask = length - bit >= 8 ? 0xff : (0xff << (8 - (length - bit))) & 0xff;
    if (((bytes[bit >> 3]! ^ base[bit >> 3]!) & mask) !== 0) return false;
  }
  return true;
}

/** Addresses that mean nothing outside their own site (RFC 1918, 3927, 4193, 4291, 6598). */
const PRIVATE_NETWORKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

export function isPrivateAddress(address: string): boolean {
  return PRIVATE_NETWORKS.some((network) => isInNetwork(address, network));
}

export function isLoopbackAddress(address: string): boolean {
  return isInNetwork(address, '127.0.0.0/8') || isInNetwork(address, '::1');
}

/** `host` as it stands in a URI or Via: an IPv6 literal gets its brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
