/** The model of a SIP message (RFC 3261 §7): a start line, ordered headers and a body. */
import type { CSeq } from './cseq.ts';
import type { NameAddress } from './name-address.ts';
import type { SipUri } from './uri.ts';
import type { Via } from './via.ts';

/** A header field; `name` in its canonical spelling, `value` unfolded and trimmed. */
export interface SipHeader {
  readonly name: string;
  readonly value: string;
}

export interface SipBody {
  /** The Content-Type value as written: `application/sdp`. */
  readonly contentType: string;
  readonly content: Uint8Array;
}

interface MessageParts {
  /** All header fields in order, those parsed below included; Content-Length is left out. */
  readonly headers: readonly SipHeader[];
  readonly content: Uint8Array;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: CSeq;
}

export interface SipRequest extends MessageParts {
  readonly type: 'request';
  readonly method: string;
  readonly requestUri: SipUri;
  readonly maxForwards: number | undefined;
}

export interface SipResponse extends MessageParts {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;
