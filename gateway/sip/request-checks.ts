/** What a request outside any dialog must satisfy before it gets a state (RFC 3261 §8.2). */

import type { SipHeader } from '../wire/sip/message.ts';
import { headerTokens, headerValue, mediaType, type SipRequest } from '../wire/sip/message.ts';
import { acceptHeader, allowHeader, isKnownMethod, isSupportedMethod } from './capabilities.ts';
import type { SipOptions } from './endpoint-contract.ts';

export interface Refusal {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers: readonly SipHeader[];
}

/** Methods that mean nothing without a dialog. */
const ONLY_IN_DIALOG = new Set(['BYE', 'INFO', 'PRACK', 'UPDATE']);
/** Methods that we answer ourselves, so that hops do not matter (§11). */
const ANSWERED_HERE = new Set(['OPTIONS', 'REGISTER']);
const SCHEMES = new Set(['sip', 'sips', 'tel']);

/** The first reason to refuse, in the order of §8.2.1 to §8.2.3; undefined lets it pass. */
export function checkRequest(options: SipOptions, request: SipRequest): Refusal | undefined {
  const { method } = request;
  if (ONLY_IN_DIALOG.has(method)) return refuse(481);
  return (
    checkMethod(options, request) ??
    (SCHEMES.has(request.requestUri.scheme) ? undefined : refuse(416)) ??
    (request.maxForwards === 0 && !ANSWERED_HERE.has(method) ? refuse(483) : undefined) ??
    checkExtensions(options, request) ??
    checkContent(options, request)
  );
}

/** 405 for what we know and do not take, 501 for what nobody knows. */
export function checkMethod(options: SipOptions, request: SipRequest): Refusal | undefined {
  if (isSupportedMethod(options, request.method)) return undefined;
  if (isKnownMethod(request.method)) return refuse(405, [allowHeader(options)]);
  return refuse(501, [allowHeader(options)]);
}

export function checkExtensions(options: SipOptions, request: SipRequest): Refusal | undefined {
  const required = [
    ...headerTokens(request.headers, 'Require'),
    ...headerTokens(request.headers, 'Proxy-Require'),
  ];
  const unknown = required.filter((tag) => !options.extensions.includes(tag));
  if (unknown.length === 0) return undefined;
  return refuse(420, [{ name: 'Unsupported', value: unknown.join(', ') }]);
}

/** Body type and coding (§8.2.3), and whether the caller takes SDP at all. */
export function checkContent(options: SipOptions, request: SipRequest): Refusal | undefined {
  const { headers, content, method } = request;
  const coding = headerValue(headers, 'Content-Encoding');
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    return refuse(415, [{ name: 'Accept-Encoding', value: 'identity' }]);
  }
  if (method !== 'INVITE') return undefined;
  if (content.length > 0 && !isAcceptedBody(options, headers)) {
    return refuse(415, [acceptHeader(options)]);
  }
  return acceptsDescription(headers) ? undefined : refuse(406);
}

function isAcceptedBody(options: SipOptions, headers: readonly SipHeader[]): boolean {
  const type = mediaType(headerValue(headers, 'Content-Type') ?? '');
  if (options.acceptedBodyTypes.includes(type)) return true;
  const disposition = headerValue(headers, 'Content-Disposition') ?? '';
  return /;\s*handling\s*=\s*optional/i.test(disposition);
}

function acceptsDescription(headers: readonly SipHeader[]): boolean {
  const accepted = headerTokens(headers, 'Accept').map(mediaType);
  if (accepted.length === 0) return true;
  return ['application/sdp', 'application/*', '*/*'].some((type) => accepted.includes(type));
}

export function refuse(status: number, headers: readonly SipHeader[] = []): Refusal {
  return { status, headers };
}
