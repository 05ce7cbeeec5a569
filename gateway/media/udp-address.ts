/** UDP addresses as numbers, so that where a datagram came from is told without making text. */
import { formatIpAddress, parseIpAddress } from '../core/ip-address.ts';

/** An address and port. The words are in network order, signed; IPv4 uses the first only. */
export interface UdpAddress {
  readonly family: 4 | 6;
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  readonly port: number;
}

/** Undefined if `text` is no IP literal. */
export function udpAddress(text: string, port: number): UdpAddress | undefined {
  const octets = parseIpAddress(text);
  if (octets === undefined) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const is4 = octets.length === 4;
  return {
    family: is4 ? 4 : 6,
    word0: view.getInt32(0),
    word1: is4 ? 0 : view.getInt32(4),
    word2: is4 ? 0 : view.getInt32(8),
    word3: is4 ? 0 : view.getInt32(12),
    port,
  };
}

export function hostText(address: UdpAddress): string {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  view.setInt32(0, address.word0);
  view.setInt32(4, address.word1);
  view.setInt32(8, address.word2);
  view.setInt32(12, address.word3);
  return formatIpAddress(octets, 0, address.family === 4 ? 4 : 16);
}

export function isSameHost(a: UdpAddress, b: UdpAddress): boolean {
  return (
    a.word0 === b.word0 &&
    a.family === b.family &&
    a.word1 === b.word1 &&
    a.word2 === b.word2 &&
    a.word3 === b.word3
  );
}

export function isSameAddress(a: UdpAddress, b: UdpAddress): boolean {
  return a.port === b.port && isSameHost(a, b);
}

/** Whether an address is of the kind that a NAT hides or that no route leads to (RFC 6890). */
export function isPrivateHost(address: UdpAddress): boolean {
  const { word0 } = address;
  if (address.family === 6) {
    const isUniqueLocal = word0 >>> 25 === 0xfc >>> 1;
    const isLinkLocal = word0 >>> 22 === 0xfe80 >>> 6;
    return isUniqueLocal || isLinkLocal || isLoopbackHost(address);
  }
  const first = word0 >>> 24;
  const second = (word0 >>> 16) & 0xff;
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

export function isLoopbackHost(address: UdpAddress): boolean {
  if (address.family === 4) return address.word0 >>> 24 === 127;
  return address.word0 === 0 && address.word1 === 0 && address.word2 === 0 && address.word3 === 1;
}
