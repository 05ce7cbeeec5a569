/** What the endpoint says of itself: Allow, Supported, Accept, User-Agent (RFC 3261 §20). */
import type { SipHeader } from '../wire/sip/message.ts';
import type { SipOptions } from './endpoint-contract.ts';

/** Methods that the endpoint itself understands. */
const OWN_METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER'];

/** Methods of the IANA registry; others meet 501 instead of 405 (§21.5.2). */
const KNOWN_METHODS = new Set([
  ...OWN_METHODS,
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'SUBSCRIBE',
  'UPDATE',
]);

export function isKnownMethod(method: string): boolean {
  return KNOWN_METHODS.has(method);
}

export function isSupportedMethod(options: SipOptions, method: string): boolean {
  return OWN_METHODS.includes(method) || options.applicationMethods.includes(method);
}

export function allowHeader(options: SipOptions): SipHeader {
  const methods = new Set([...OWN_METHODS, ...options.applicationMethods]);
  return { name: 'Allow', value: [...methods].join(', ') };
}

/** Sent in INVITE, OPTIONS and their 2xx. */
export function capabilityHeaders(options: SipOptions): SipHeader[] {
  const headers = [allowHeader(options)];
  if (options.extensions.length > 0) {
    headers.push({ name: 'Supported', value: options.extensions.join(', ') });
  }
  return headers;
}

export function acceptHeader(options: SipOptions): SipHeader {
  return { name: 'Accept', value: options.acceptedBodyTypes.join(', ') };
}

export function userAgentHeader(options: SipOptions): SipHeader {
  return { name: 'User-Agent', value: options.productName };
}

export function serverHeader(options: SipOptions): SipHeader {
  return { name: 'Server', value: options.productName };
}

/** The call layer's own header of that name wins over ours. */
export function withDefaults(
  headers: readonly SipHeader[],
  defaults: readonly SipHeader[],
): readonly SipHeader[] {
  const given = new Set(headers.map((header) => header.name));
  return [...headers, ...defaults.filter((header) => !given.has(header.name))];
}
