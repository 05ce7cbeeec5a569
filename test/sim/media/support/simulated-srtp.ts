/**
 * Stands in for native SRTP: packets are masked and tagged by node:crypto, replays are refused, and
 * every (key, SSRC, index) that was ever sent is remembered (RFC 3711 §3.3.1, §9.1).
 */
import { createHmac } from 'node:crypto';
import {
  SRTP_AUTHENTICATION_FAILED,
  SRTP_MALFORMED,
  SRTP_REPLAYED,
  type Srtp,
  type SrtpHandle,
  type SrtpOptions,
  type SrtpStreamState,
} from '../../../../gateway/native/contract.ts';

const TAG_BYTES = 10;
const RTP_HEADER = 12;
const RTCP_HEADER = 8;
const MASK = 0x5a;

interface Context {
  readonly key: string;
  readonly secret: Buffer;
  readonly direction: SrtpOptions['direction'];
  readonly highest: Map<number, number>;
  readonly seen: Set<string>;
  rtcpIndex: number;
}

export class SimulatedSrtp implements Srtp {
  /** `key ssrc index` of each RTP packet sent under any key; a repetition would be two-time pad. */
  readonly sentIndices: string[] = [];
  readonly #arena: Uint8Array;
  readonly #contexts = new Map<SrtpHandle, Context>();
  #handles = 0;

  constructor(arena: Uint8Array) {
    this.#arena = arena;
  }

  get openContexts(): number {
    return this.#contexts.size;
  }

  open({ masterKey, masterSalt, direction }: SrtpOptions): SrtpHandle {
    this.#handles += 1;
    const handle = this.#handles as SrtpHandle;
    const secret = Buffer.concat([masterKey, masterSalt]);
    const key = secret.toString('hex').slice(0, 16);
    const [highest, seen] = [new Map<number, number>(), new Set<string>()];
    this.#contexts.set(handle, { key, secret, direction, highest, seen, rtcpIndex: 0 });
    return handle;
  }

  protectRtp(handle: SrtpHandle, offset: number, length: number): number {
    const context = this.#context(handle);
    const name = this.#indexName(context, offset);
    if (context.seen.has(name)) return SRTP_REPLAYED;
    context.seen.add(name);
    this.sentIndices.push(`${context.key} ${name}`);
    return this.#seal(context, offset, length, RTP_HEADER);
  }

  unprotectRtp(handle: SrtpHandle, offset: number, length: number): number {
    const context = this.#context(handle);
    if (length < RTP_HEADER + TAG_BYTES) return SRTP_MALFORMED;
    if (!this.#isAuthentic(context, offset, length)) return SRTP_AUTHENTICATION_FAILED;
    const name = this.#indexName(context, offset);
    if (context.seen.has(name)) return SRTP_REPLAYED;
    context.seen.add(name);
    return this.#unseal(offset, length, RTP_HEADER);
  }

  protectRtcp(handle: SrtpHandle, offset: number, length: number): number {
    return this.#seal(this.#context(handle), offset, length, RTCP_HEADER);
  }

  unprotectRtcp(handle: SrtpHandle, offset: number, length: number): number {
    const context = this.#context(handle);
    if (length < RTCP_HEADER + TAG_BYTES) return SRTP_MALFORMED;
    if (!this.#isAuthentic(context, offset, length)) return SRTP_AUTHENTICATION_FAILED;
    return this.#unseal(offset, length, RTCP_HEADER);
  }

  streamState(): SrtpStreamState | undefined {
    return undefined;
  }

  setStreamState(): void {}

  close(handle: SrtpHandle): void {
    this.#context(handle);
    this.#contexts.delete(handle);
  }

  /** SSRC and the index that a receiver would estimate for this sequence number. */
  #indexName(context: Context, offset: number): string {
    const view = new DataView(this.#arena.buffer, this.#arena.byteOffset + offset, RTP_HEADER);
    const sequence = view.getUint16(2);
    const ssrc = view.getUint32(8);
    const highest = context.highest.get(ssrc) ?? sequence;
    const index = highest + (((sequence - highest) << 16) >> 16);
    context.highest.set(ssrc, Math.max(highest, index));
    return `${ssrc} ${index}`;
  }

  #seal(context: Context, offset: number, length: number, header: number): number {
    for (let i = header; i < length; i += 1) this.#arena[offset + i]! ^= MASK;
    this.#arena.set(this.#tagOf(context, offset, length), offset + length);
    return length + TAG_BYTES;
  }

  #unseal(offset: number, length: number, header: number): number {
    const plain = length - TAG_BYTES;
    for (let i = header; i < plain; i += 1) this.#arena[offset + i]! ^= MASK;
    return plain;
  }

  #isAuthentic(context: Context, offset: number, length: number): boolean {
    const body = length - TAG_BYTES;
    const given = this.#arena.subarray(offset + body, offset + length);
    return Buffer.compare(given, this.#tagOf(context, offset, body)) === 0;
  }

  #tagOf(context: Context, offset: number, length: number): Buffer {
    const covered = this.#arena.subarray(offset, offset + length);
    return createHmac('sha1', context.secret).update(covered).digest().subarray(0, TAG_BYTES);
  }

  #context(handle: SrtpHandle): Context {
    const context = this.#contexts.get(handle);
    if (context !== undefined) return context;
    throw Object.assign(new Error(`context ${handle}`), { code: 'native.stale_handle' });
  }
}
