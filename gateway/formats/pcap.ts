/** Writes datagrams as a pcap file that Wireshark reads (draft-ietf-opsawg-pcap, LINKTYPE_RAW). */
import { parseIpAddress } from '../core/ip-address.ts';

const MICROSECOND_MAGIC = 0xa1b2c3d4;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
/** Packets begin with an IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101;
const LONGEST_PACKET = 65_535;
const UDP_PROTOCOL = 17;
const UDP_HEADER_BYTES = 8;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const HOP_LIMIT = 64;

export interface CapturedDatagram {
  /** Milliseconds since 1970, with fractions. */
  readonly wallClockMs: number;
  readonly source: UdpEndpoint;
  readonly destination: UdpEndpoint;
  readonly payload: Uint8Array;
}

export interface UdpEndpoint {
  readonly address: string;
  readonly port: number;
}

/** What a file starts with. */
export function pcapFileHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(FILE_HEADER_BYTES));
  view.setUint32(0, MICROSECOND_MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, LONGEST_PACKET);
  view.setUint32(20, LINKTYPE_RAW);
  return new Uint8Array(view.buffer);
}

/** One datagram with IP and UDP headers made for it. Both addresses are of one family. */
export function pcapRecord(datagram: CapturedDatagram): Uint8Array {
  const source = parseIpAddress(datagram.source.address);
  const destination = parseIpAddress(datagram.destination.address);
  if (source === undefined || source.length !== destination?.length) {
    throw new RangeError('addresses of two families, or none');
  }
  const ipBytes = source.length === 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
  const length = ipBytes + UDP_HEADER_BYTES + datagram.payload.length;
  if (length > LONGEST_PACKET) throw new RangeError(`packet of ${length} octets`);
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + length);
  const view = new DataView(bytes.buffer);
  const microseconds = Math.floor(datagram.wallClockMs * 1000);
  view.setUint32(0, Math.floor(microseconds / 1_000_000));
  view.setUint32(4, microseconds % 1_000_000);
  view.setUint32(8, length);
  view.setUint32(12, length);
  const packet = new DataView(bytes.buffer, RECORD_HEADER_BYTES);
  if (source.length === 4) writeIpv4Header(packet, source, destination);
  else writeIpv6Header(packet, source, destination);
  writeUdp(packet, ipBytes, datagram, sumOf(source) + sumOf(destination));
  return bytes;
}

function writeIpv4Header(packet: DataView, source: Uint8Array, destination: Uint8Array): void {
  packet.setUint16(0, 0x4500);
  packet.setUint16(2, packet.byteLength);
  packet.setUint8(8, HOP_LIMIT);
  packet.setUint8(9, UDP_PROTOCOL);
  copyInto(packet, 12, source);
  copyInto(packet, 16, destination);
  packet.setUint16(10, checksum(sumOf(octetsOf(packet).subarray(0, IPV4_HEADER_BYTES))));
}

function writeIpv6Header(packet: DataView, source: Uint8Array, destination: Uint8Array): void {
  packet.setUint8(0, 0x60);
  packet.setUint16(4, packet.byteLength - IPV6_HEADER_BYTES);
  packet.setUint8(6, UDP_PROTOCOL);
  packet.setUint8(7, HOP_LIMIT);
  copyInto(packet, 8, source);
  copyInto(packet, 24, destination);
}

/** RFC 768; the checksum covers a pseudo-header of addresses, protocol and length. */
function writeUdp(
  packet: DataView,
  at: number,
  { source, destination, payload }: CapturedDatagram,
  addressSum: number,
): void {
  const length = UDP_HEADER_BYTES + payload.length;
  packet.setUint16(at, source.port);
  packet.setUint16(at + 2, destination.port);
  packet.setUint16(at + 4, length);
  copyInto(packet, at + UDP_HEADER_BYTES, payload);
  const sum = checksum(addressSum + UDP_PROTOCOL + length + sumOf(octetsOf(packet).subarray(at)));
  // Zero would say that there is no checksum.
  packet.setUint16(at + 6, sum === 0 ? 0xffff : sum);
}

/** RFC 1071: the sum of 16-bit words, an odd octet padded. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

function octetsOf(packet: DataView): Uint8Array {
  return new Uint8Array(packet.buffer, packet.byteOffset, packet.byteLength);
}

function copyInto(packet: DataView, at: number, bytes: Uint8Array): void {
  octetsOf(packet).set(bytes, at);
}
