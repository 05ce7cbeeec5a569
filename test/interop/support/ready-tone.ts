/** RTP packets made beforehand, in clear or as SRTP (RFC 3711, AES_CM_128_HMAC_SHA1_80). */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';

export interface ReadyTone {
  /** What follows the tag of `a=crypto`, if the packets are encrypted. */
  readonly cryptoLine: string | undefined;
  /** The packets in a capture, for SIPp to replay. */
  readonly pcap: Buffer;
}

interface ToneOptions {
  readonly codec: 'PCMU' | 'PCMA';
  readonly rtpPort: number;
  readonly encryption: 'none' | 'sdes';
}

const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const KEY_BYTES = 16;
const SALT_BYTES = 14;
const TAG_BYTES = 10;
const PACKET_SAMPLES = 160;
const PACKET_SECONDS = 0.02;
const RTP_HEADER = 12;

/** G.711 in packets of 20 ms each. */
export function readyTone(payload: Buffer, options: ToneOptions): ReadyTone {
  const packets = packetsOf(payload, options.codec);
  if (options.encryption === 'none') {
    return { cryptoLine: undefined, pcap: pcapOf(packets, options.rtpPort) };
  }
  const master = randomBytes(KEY_BYTES + SALT_BYTES);
  const keys = sessionKeys(master);
  const encrypted = packets.map((packet, index) => protect(packet, keys, index));
  const cryptoLine = `${SUITE} inline:${master.toString('base64')}`;
  return { cryptoLine, pcap: pcapOf(encrypted, options.rtpPort) };
}

function packetsOf(payload: Buffer, codec: 'PCMU' | 'PCMA'): readonly Buffer[] {
  const count = Math.floor(payload.length / PACKET_SAMPLES);
  const ssrc = randomBytes(4);
  return Array.from({ length: count }, (_, index) => {
    const packet = Buffer.alloc(RTP_HEADER + PACKET_SAMPLES);
    packet[0] = 0x80;
    packet[1] = codec === 'PCMU' ? 0 : 8;
    packet.writeUInt16BE(index & 0xffff, 2);
    packet.writeUInt32BE(index * PACKET_SAMPLES, 4);
    ssrc.copy(packet, 8);
    payload.copy(packet, RTP_HEADER, index * PACKET_SAMPLES, (index + 1) * PACKET_SAMPLES);
    return packet;
  });
}

/** Decrypts what came under the key of an `a=crypto` line; packets of a wrong tag are left out. */
export function unprotect(packets: readonly Buffer[], cryptoKey: string): readonly Buffer[] {
  const keys = sessionKeys(Buffer.from(cryptoKey, 'base64'));
  let highest: number | undefined;
  return packets.flatMap((packet) => {
    const sequence = packet.readUInt16BE(2);
    const index = nearestIndex(highest, sequence);
    const body = packet.subarray(0, packet.length - TAG_BYTES);
    const tag = packet.subarray(packet.length - TAG_BYTES);
    if (!tagOf(body, keys, index).equals(tag)) return [];
    highest = Math.max(highest ?? 0, index);
    return [crypt(body, keys, index)];
  });
}

interface SessionKeys {
  readonly cipher: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/** RFC 3711 §4.3, with a key derivation rate of zero. */
function sessionKeys(master: Buffer): SessionKeys {
  const key = master.subarray(0, KEY_BYTES);
  const salt = master.subarray(KEY_BYTES, KEY_BYTES + SALT_BYTES);
  const derive = (label: number, length: number) => {
    const iv = Buffer.concat([salt, Buffer.alloc(2)]);
    iv[7] = (iv[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(length));
  };
  return { cipher: derive(0, 16), authentication: derive(1, 20), salt: derive(2, 14) };
}

function protect(packet: Buffer, keys: SessionKeys, index: number): Buffer {
  const encrypted = crypt(packet, keys, index);
  return Buffer.concat([encrypted, tagOf(encrypted, keys, index)]);
}

/** RFC 3711 §4.1.1; encryption and decryption are the same. */
function crypt(packet: Buffer, keys: SessionKeys, index: number): Buffer {
  const header = RTP_HEADER + ((packet[0] ?? 0) & 0x0f) * 4;
  const iv = Buffer.concat([keys.salt, Buffer.alloc(2)]);
  for (let byte = 0; byte < 4; byte += 1)
    iv[4 + byte] = (iv[4 + byte] ?? 0) ^ (packet[8 + byte] ?? 0);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(index));
  for (let byte = 0; byte < 6; byte += 1)
    iv[8 + byte] = (iv[8 + byte] ?? 0) ^ (counter[2 + byte] ?? 0);
  const body = createCipheriv('aes-128-ctr', keys.cipher, iv).update(packet.subarray(header));
  return Buffer.concat([packet.subarray(0, header), body]);
}

function tagOf(packet: Buffer, keys: SessionKeys, index: number): Buffer {
  const rollovers = Buffer.alloc(4);
  rollovers.writeUInt32BE(Math.floor(index / 65_536));
  const mac = createHmac('sha1', keys.authentication).update(packet).update(rollovers).digest();
  return mac.subarray(0, TAG_BYTES);
}

function nearestIndex(highest: number | undefined, sequence: number): number {
  if (highest === undefined) return sequence;
  const base = highest - (highest & 0xffff);
  const guesses = [base - 65_536, base, base + 65_536].map((start) => start + sequence);
  const distance = (guess: number) => Math.abs(guess - highest);
  return guesses.filter((guess) => guess >= 0).sort((a, b) => distance(a) - distance(b))[0] ?? 0;
}

const ETHERNET_AND_IP = 14 + 20;
const UDP_HEADER = 8;

/** A classic capture of Ethernet frames; SIPp looks at UDP payloads and times only. */
function pcapOf(packets: readonly Buffer[], port: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([header, ...packets.map((packet, index) => record(packet, index, port))]);
}

function record(packet: Buffer, index: number, port: number): Buffer {
  const length = ETHERNET_AND_IP + UDP_HEADER + packet.length;
  const head = Buffer.alloc(16 + ETHERNET_AND_IP + UDP_HEADER);
  const micros = Math.round(index * PACKET_SECONDS * 1e6);
  head.writeUInt32LE(1_000 + Math.floor(micros / 1e6), 0);
  head.writeUInt32LE(micros % 1e6, 4);
  head.writeUInt32LE(length, 8);
  head.writeUInt32LE(length, 12);
  head.writeUInt16BE(0x0800, 16 + 12);
  const ip = 16 + 14;
  head[ip] = 0x45;
  head.writeUInt16BE(length - 14, ip + 2);
  head[ip + 8] = 64;
  head[ip + 9] = 17;
  head.writeUInt32BE(0x7f00_0001, ip + 12);
  head.writeUInt32BE(0x7f00_0001, ip + 16);
  head.writeUInt16BE(port, ip + 20);
  head.writeUInt16BE(port, ip + 22);
  head.writeUInt16BE(UDP_HEADER + packet.length, ip + 24);
  return Buffer.concat([head, packet]);
}
