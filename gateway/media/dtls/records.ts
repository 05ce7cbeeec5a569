/** Tells from a DTLS record's outside what must not be fed in (RFC 6347 §4.1). */

const CONTENT_TYPE_ALERT = 21;
const CONTENT_TYPE_HANDSHAKE = 22;
const EPOCH_AT = 3;
const RECORD_HEADER_BYTES = 13;
const CLIENT_HELLO = 1;

/** Whether a datagram begins with a ClientHello in clear: the start of an association. */
export function isClientHello(bytes: Uint8Array, offset: number, length: number): boolean {
  return (
    length > RECORD_HEADER_BYTES &&
    bytes[offset] === CONTENT_TYPE_HANDSHAKE &&
    isInClear(bytes, offset) &&
    bytes[offset + RECORD_HEADER_BYTES] === CLIENT_HELLO
  );
}

/** Whether a datagram begins with an alert that anybody could have sent. */
export function isAlertInClear(bytes: Uint8Array, offset: number, length: number): boolean {
  return (
    length >= RECORD_HEADER_BYTES &&
    bytes[offset] === CONTENT_TYPE_ALERT &&
    isInClear(bytes, offset)
  );
}

function isInClear(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset + EPOCH_AT] === 0 && bytes[offset + EPOCH_AT + 1] === 0;
}
