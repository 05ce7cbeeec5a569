/** SIP messages to bytes (RFC 3261 §7), with nothing in a header that could end its line. */
import type { SipHeader, SipMessage } from './message.ts';

/** Everything of a message in the order it is written. */
export interface MessageText {
  readonly startLine: string;
  readonly headers: readonly SipHeader[];
  readonly content: Uint8Array;
}

/** Content-Length is computed and written last, on every transport. */
export function serialise(message: MessageText): Buffer {
  let head = `${printable(message.startLine)}\r\n`;
  for (const { name, value } of message.headers) head += `${name}: ${printable(value)}\r\n`;
  head += `Content-Length: ${message.content.length}\r\n\r\n`;
  if (message.content.length === 0) return Buffer.from(head, 'utf8');
  const headLength = Buffer.byteLength(head, 'utf8');
  const bytes = Buffer.allocUnsafe(headLength + message.content.length);
  bytes.write(head, 0, 'utf8');
  bytes.set(message.content, headLength);
  return bytes;
}

export function serialiseMessage(message: SipMessage): Buffer {
  return serialise({ ...message, startLine: startLineOf(message) });
}

function startLineOf(message: SipMessage): string {
  return message.type === 'request'
    ? `${message.method} ${message.requestUri.text} SIP/2.0`
    : `SIP/2.0 ${message.status} ${message.reason}`;
}

/** The last guard against header injection: line ends become spaces whoever let them in. */
function printable(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text;
}
