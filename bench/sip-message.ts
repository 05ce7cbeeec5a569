/** SIP messages as the benchmark's own phone reads and writes them (RFC 3261, section 7). */

export interface SipMessage {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly startLine: string;
  /** In order, repeated names kept apart. */
  readonly headers: readonly SipHeader[];
  readonly body: string;
}

export type SipHeader = readonly [name: string, value: string];

/** Compact forms (section 20) of the headers that the phone looks at. */
const LONG_FORMS = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['m', 'contact'],
  ['l', 'content-length'],
  ['c', 'content-type'],
]);

/** Content-Length is written here; the caller gives everything else. */
export function writeSip({ startLine, headers, body }: SipMessage): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${startLine}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Reads one datagram; undefined for what is no message, such as a keep-alive of CRLFs. */
export function readSip(datagram: string): SipMessage | undefined {
  const end = datagram.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [startLine, ...lines] = datagram
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  if (startLine === undefined || !startLine.includes('SIP/2.0')) return undefined;
  const headers = lines.map((line): SipHeader => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return { startLine, headers, body: datagram.slice(end + 4) };
}

/** All values of a header, by its long name in lower case. */
export function headersOf(message: SipMessage, name: string): readonly string[] {
  return message.headers
    .filter(
      ([written]) => (LONG_FORMS.get(written.toLowerCase()) ?? written.toLowerCase()) === name,
    )
    .map(([, value]) => value);
}

/** The first value of a header that every message must have. */
export function headerOf(message: SipMessage, name: string): string {
  const [value] = headersOf(message, name);
  if (value === undefined) throw new Error(`no ${name} in ${message.startLine}`);
  return value;
}

/** The status of a response, and 0 of a request. */
export function statusOf(message: SipMessage): number {
  return Number(/^SIP\/2\.0 (\d{3})/.exec(message.startLine)?.[1] ?? 0);
}

/** The method that a request has, or that a response answers. */
export function methodOf(message: SipMessage): string {
  return headerOf(message, 'cseq').split(/\s+/)[1] ?? '';
}

export function branchOf(message: SipMessage): string {
  return /;\s*branch=([^;,\s]+)/.exec(headerOf(message, 'via'))?.[1] ?? '';
}

/** The URI of a Contact or a Record-Route: within angle brackets, or all before parameters. */
export function uriIn(nameAddress: string): string {
  return /<([^>]+)>/.exec(nameAddress)?.[1] ?? nameAddress.split(';')[0] ?? '';
}

/** The user part of a request's URI. */
export function calledUser(request: SipMessage): string {
  return /^\S+ sips?:([^@\s;]+)@/.exec(request.startLine)?.[1] ?? '';
}

/** Record-Route entries, one each, in the order written. */
export function recordRoutes(message: SipMessage): readonly string[] {
  return headersOf(message, 'record-route').flatMap((value) => value.split(/,\s*(?=<)/));
}
