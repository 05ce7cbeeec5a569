/** Cuts a byte stream into SIP messages (RFC 3261 §18.3) and keep-alives (RFC 5626 §4.4.1). */
import { type Fault, fail } from '../../core/result.ts';
import { decimal } from './characters.ts';
import { parseHead } from './head.ts';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from './limits.ts';
import { headerFields } from './message.ts';

export type Framed =
  | { readonly type: 'message'; readonly bytes: Uint8Array }
  /** A double CRLF between messages: answer with one CRLF. */
  | { readonly type: 'ping' }
  /** The one CRLF that answers our ping. */
  | { readonly type: 'pong' }
  /** The stream means nothing from here on: close it. */
  | { readonly type: 'fault'; readonly fault: Fault };

/**
 * Holds the octets of at most one unfinished message. After a fault everything is ignored: where
 * two readers could disagree on where a message ends, one of them would run a hidden request.
 */
export class StreamFraming {
  #held: Buffer = Buffer.alloc(0);
  /** Length of the whole message whose head is complete. */
  #wanted: number | undefined;
  #searchedTo = 0;
  #failed = false;

  /** Whether a message has begun and not ended: the reader's deadline runs. */
  get isPartial(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Uint8Array): Framed[] {
    if (this.#failed) return [];
    this.#held = this.#held.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#held, chunk]);
    const framed: Framed[] = [];
    for (;;) {
      const next = this.#next();
      if (next === undefined) return framed;
      framed.push(next);
      if (next.type === 'fault') {
        this.#failed = true;
        this.#held = Buffer.alloc(0);
        return framed;
      }
    }
  }

  #next(): Framed | undefined {
    if (this.#wanted === undefined) {
      const keepAlive = this.#takeKeepAlive();
      if (keepAlive !== undefined) return keepAlive;
      const fault = this.#measure();
      if (fault !== undefined) return { type: 'fault', fault };
    }
    if (this.#wanted === undefined || this.#held.length < this.#wanted) return undefined;
    const bytes = Buffer.from(this.#held.subarray(0, this.#wanted));
    this.#drop(this.#wanted);
    return { type: 'message', bytes };
  }

  /** CRLF CRLF is a ping; one CRLF followed by anything else, or alone, is a pong. */
  #takeKeepAlive(): Framed | undefined {
    const held = this.#held;
    if (held[0] !== 0x0d || held[1] !== 0x0a) return undefined;
    if (held.length === 3 && held[2] === 0x0d) return undefined;
    const isPing = held[2] === 0x0d && held[3] === 0x0a;
    this.#drop(isPing ? 4 : 2);
    return { type: isPing ? 'ping' : 'pong' };
  }

  /** Learns `#wanted` once the head is whole. */
  #measure(): Fault | undefined {
    const blank = this.#held.indexOf('\r\n\r\n', Math.max(0, this.#searchedTo - 3));
    if (blank === -1) {
      this.#searchedTo = this.#held.length;
      if (this.#held.length > MAX_HEAD_BYTES) return fault('head too long');
      return looksLikeSip(this.#held) ? undefined : fault('not SIP');
    }
    if (blank > MAX_HEAD_BYTES) return fault('head too long');
    const head = parseHead(this.#held.toString('utf8', 0, blank));
    if (!head.ok) return head.fault;
    const lengths = headerFields(head.value.headers, 'Content-Length');
    if (lengths.length !== 1) return fault(`${lengths.length} Content-Length headers`);
    const length = decimal(lengths[0] ?? '', MAX_BODY_BYTES);
    if (length === undefined) return fault('Content-Length is not a length within limits');
    this.#wanted = blank + 4 + length;
    return undefined;
  }

  #drop(length: number): void {
    this.#held = this.#held.subarray(length);
    this.#wanted = undefined;
    this.#searchedTo = 0;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A TLS hello or other binary on this port is seen at its first octet. */
function looksLikeSip(held: Buffer): boolean {
  const first = held[0];
  return first === undefined || first === 0x0d || (first > 0x20 && first < 0x7f);
}

function fault(detail: string): Fault {
  return fail('sip.framing', detail).fault;
}
