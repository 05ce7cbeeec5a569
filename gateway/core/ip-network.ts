/** Blocks of IP addresses: CIDR prefixes, private and loopback ranges (RFC 4632, RFC 6890). */
import { unmapped } from './ip-address.ts';

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
