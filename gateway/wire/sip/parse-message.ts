/** Bytes to SIP messages (RFC 3261 §7): total, strict where laxness would be ambiguous. */
import { type Fault, type Result, succeed } from '../../core/result.ts';
import { decimal, isCallId, isToken } from './characters.ts';
import { type CSeq, parseCSeq } from './cseq.ts';
import { type Head, parseHead } from './head.ts';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from './limits.ts';
import { headerValue, type SipHeader, type SipMessage, splitList } from './message.ts';
import { type NameAddress, parseNameAddress } from './name-address.ts';
import { parseUri } from './uri.ts';
import { parseVia, type Via } from './via.ts';

/** A message that is refused. With `request` set the sender can be told so. */
export interface MessageFault extends Fault {
  /** The status that RFC 3261 asks for when a request is refused so. */
  readonly status: number;
  /** The head of what was at least recognisably a request. */
  readonly request?: { readonly method: string; readonly headers: readonly SipHeader[] };
}

type Parsed<T> = Result<T, MessageFault>;

/** On datagrams the body is what is left; on streams Content-Length alone says (§18.3). */
export type Framing = 'datagram' | 'stream';

/** Headers that may stand only once (RFC 3261 §7.3.1, RFC 4475 §3.3.8). */
const SINGLE = new Set([
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Type',
  'Content-Length',
  'Expires',
]);

export function parseMessage(bytes: Uint8Array, framing: Framing): Parsed<SipMessage> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blank = buffer.indexOf('\r\n\r\n');
  const headEnd = blank === -1 ? bytes.length : blank;
  if (blank === -1 && framing === 'stream') return refuse('sip.head', 'no empty line');
  if (headEnd > MAX_HEAD_BYTES) return refuse('sip.head', 'too long', 513);
  const head = parseHead(buffer.toString('utf8', 0, headEnd));
  if (!head.ok) return refuse(head.fault.code, head.fault.detail);
  const start = parseStartLine(head.value);
  if (!start.ok) return start;
  const remaining = buffer.subarray(blank === -1 ? bytes.length : blank + 4);
  return completeMessage(start.value, head.value.headers, remaining, framing);
}

type StartLine =
  | { readonly type: 'request'; readonly method: string; readonly uriText: string }
  | { readonly type: 'response'; readonly status: number; readonly reason: string };

function parseStartLine(head: Head): Parsed<StartLine> {
  const line = head.startLine;
  if (/^SIP\/2\.0 /i.test(line)) return parseStatusLine(line);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, Math.max(first, 0));
  if (!isToken(method)) return refuse('sip.start-line', 'not a request');
  const request = { method, headers: head.headers };
  const version = line.slice(last + 1);
  if (!/^SIP\/\d+\.\d+$/i.test(version)) {
    return refuse('sip.start-line', 'no version at its end', 400, request);
  }
  if (version.toUpperCase() !== 'SIP/2.0') {
    return refuse('sip.version', version, 505, request);
  }
  const uriText = line.slice(first + 1, last);
  if (first === last || /\s/.test(uriText)) {
    return refuse('sip.start-line', 'white space', 400, request);
  }
  return succeed({ type: 'request', method, uriText });
}

function parseStatusLine(line: string): Parsed<StartLine> {
  const code = line.slice(8, line.indexOf(' ', 8) === -1 ? undefined : line.indexOf(' ', 8));
  const status = code.length === 3 ? decimal(code, 699) : undefined;
  if (status === undefined || status < 100) return refuse('sip.start-line', 'bad status');
  return succeed({ type: 'response', status, reason: line.slice(8 + code.length).trim() });
}

function completeMessage(
  start: StartLine,
  headers: readonly SipHeader[],
  remaining: Uint8Array,
  framing: Framing,
): Parsed<SipMessage> {
  const request = start.type === 'request' ? { method: start.method, headers } : undefined;
  const repeated = repeatedHeader(headers);
  if (repeated !== undefined) return refuse('sip.header-repeated', repeated, 400, request);
  const content = takeContent(headers, remaining, framing);
  if (typeof content === 'string') return refuse('sip.content-length', content, 400, request);
  const essentials = parseEssentials(headers);
  if (!essentials.ok) return refuse(essentials.fault.code, essentials.fault.detail, 400, request);
  const parts = {
    ...essentials.value,
    headers: headers.filter((header) => header.name !== 'Content-Length'),
    content,
  };
  if (start.type === 'response') {
    return succeed({ type: 'response', status: start.status, reason: start.reason, ...parts });
  }
  return completeRequest(start.method, start.uriText, parts);
}

function completeRequest(
  method: string,
  uriText: string,
  parts: Essentials & { headers: readonly SipHeader[]; content: Uint8Array },
): Parsed<SipMessage> {
  const request = { method, headers: parts.headers };
  if (parts.cseq.method !== method) {
    return refuse('sip.cseq', `${parts.cseq.method} in ${method}`, 400, request);
  }
  const requestUri = parseUri(uriText);
  if (!requestUri.ok) return refuse('sip.request-uri', requestUri.fault.detail, 400, request);
  if (requestUri.value.headers !== undefined) {
    return refuse('sip.request-uri', 'headers in it', 400, request);
  }
  const hops = headerValue(parts.headers, 'Max-Forwards');
  const maxForwards = hops === undefined ? undefined : decimal(hops, 255);
  if (hops !== undefined && maxForwards === undefined) {
    return refuse('sip.max-forwards', 'not from 0 to 255', 400, request);
  }
  return succeed({
    type: 'request',
    method,
    requestUri: requestUri.value,
    maxForwards,
    ...parts,
  });
}

/** The body, or why there is none to trust. */
function takeContent(
  headers: readonly SipHeader[],
  remaining: Uint8Array,
  framing: Framing,
): Uint8Array | string {
  const text = headerValue(headers, 'Content-Length');
  if (text === undefined) {
    if (framing === 'stream') return 'missing on a stream';
    return remaining.length > MAX_BODY_BYTES ? 'body too long' : remaining;
  }
  const length = decimal(text, MAX_BODY_BYTES);
  if (length === undefined) return 'not a length within limits';
  return length > remaining.length ? 'more than there is' : remaining.subarray(0, length);
}

/** The first header that stands twice and may not. */
function repeatedHeader(headers: readonly SipHeader[]): string | undefined {
  const seen = new Set<string>();
  for (const { name } of headers) {
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

interface Essentials {
  readonly via: Via;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: CSeq;
}

/** The headers that every message has (RFC 3261 §8.1.1). */
function parseEssentials(headers: readonly SipHeader[]): Result<Essentials> {
  let [viaText, fromText, toText, callId, cseqText]: (string | undefined)[] = [];
  for (const { name, value } of headers) {
    if (name === 'Via') viaText ??= value;
    else if (name === 'From') fromText = value;
    else if (name === 'To') toText = value;
    else if (name === 'Call-ID') callId = value;
    else if (name === 'CSeq') cseqText = value;
  }
  const via = parseVia(splitList(viaText ?? '')[0] ?? '');
  if (!via.ok) return via;
  const from = parseNameAddress(fromText ?? '');
  if (!from.ok) return from;
  const to = parseNameAddress(toText ?? '');
  if (!to.ok) return to;
  const cseq = parseCSeq(cseqText ?? '');
  if (!cseq.ok) return cseq;
  if (callId === undefined || !isCallId(callId)) {
    return { ok: false, fault: { code: 'sip.call-id', detail: 'missing or malformed' } };
  }
  return succeed({
    via: via.value,
    from: from.value,
    to: to.value,
    callId,
    cseq: cseq.value,
  });
}

function refuse(
  code: string,
  detail: string,
  status = 400,
  request?: MessageFault['request'],
): { readonly ok: false; readonly fault: MessageFault } {
  return {
    ok: false,
    fault: request === undefined ? { code, detail, status } : { code, detail, status, request },
  };
}
