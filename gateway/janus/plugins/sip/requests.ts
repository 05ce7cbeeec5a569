/** The requests of `janus.plugin.sip`: their members, and how those become values of ours. */
import type {
  ClientAccountCommand,
  ClientSecret,
} from '../../../account/client-accounts-contract.ts';
import type { ExtraHeaders, IncomingLeg } from '../../../call/leg-contract.ts';
import { fail, type Result, succeed } from '../../../core/result.ts';
import { canonicalName } from '../../../wire/sip/header-names.ts';
import { type JsonObject, readShape, type Shaped } from '../../json.ts';

export const REGISTER = {
  username: 'string',
  type: 'string',
  send_register: 'boolean',
  force_udp: 'boolean',
  force_tcp: 'boolean',
  sips: 'boolean',
  rfc2543_cancel: 'boolean',
  automatic_ringing: 'boolean',
  secret: 'string',
  ha1_secret: 'string',
  authuser: 'string',
  display_name: 'string',
  user_agent: 'string',
  proxy: 'string',
  outbound_proxy: 'string',
  headers: 'object',
  contact_params: 'object',
  incoming_header_prefixes: 'array',
  refresh: 'boolean',
  register_ttl: 'integer',
  master_id: 'integer',
} as const;

export const CALL = {
  uri: 'string!',
  call_id: 'string',
  headers: 'object',
  srtp: 'string',
  srtp_profile: 'string',
  autoaccept_reinvites: 'boolean',
} as const;

export const ACCEPT = {
  headers: 'object',
  srtp: 'string',
  autoaccept_reinvites: 'boolean',
} as const;
export const DECLINE = { code: 'integer', headers: 'object' } as const;
export const HANGUP = { headers: 'object' } as const;
export const HOLD = { direction: 'string' } as const;
export const DTMF_INFO = { digit: 'string!', duration: 'integer' } as const;

export const DEFAULT_DTMF_MS = 160;
const MAX_DTMF_MS = 6_000;
const MAX_HEADERS = 64;
const MAX_EXPIRY_SECONDS = 86_400;

const SIP_ADDRESS = /^sips?:[^\s<>"]{1,1000}$/i;
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]{1,128}$/;
/** Anything but controls, so that a value can never begin a header of its own. */
const HEADER_VALUE = /^[^\p{Cc}]{0,1024}$/u;

/**
 * What a caller is asserted to be, or to have been called as, is no client's to say: peers trust
 * it because it is ours (RFC 3325 §5, 8224 §4, 5806 §6, 7044 §10).
 */
const ASSERTIONS = new Set([
  'P-Asserted-Identity',
  'Remote-Party-ID',
  'Identity',
  'Diversion',
  'History-Info',
]);

/** Faults: `sip.address`, `field.wrong_type`, `field.missing`. */
export function readRegistration(
  body: JsonObject,
  client: { readonly key: string; readonly interface: string; readonly local: boolean },
): Result<Extract<ClientAccountCommand, { type: 'register' }>> {
  const read = readShape(body, REGISTER);
  if (!read.ok) return read;
  const register = read.value;
  if (register.username === undefined) return fail('field.missing', 'username');
  for (const address of [register.username, register.proxy, register.outbound_proxy]) {
    if (address !== undefined && !isSipAddress(address)) return fail('sip.address', address);
  }
  const headers = readHeaders(register.headers, 'headers');
  if (!headers.ok) return headers;
  const contactParameters = readHeaders(register.contact_params, 'contact_params');
  if (!contactParameters.ok) return contactParameters;
  const secret = secretOf(register);
  if (secret === undefined) return fail('field.missing', 'secret or ha1_secret');
  return succeed({
    type: 'register',
    client: client.key,
    addressOfRecord: register.username,
    displayName: register.display_name,
    authenticationUser: register.authuser,
    secret,
    registrar: register.proxy,
    outboundProxy: register.outbound_proxy,
    send: register.type !== 'guest' && register.send_register !== false,
    expiresSeconds: expiryOf(register.register_ttl),
    headers: headers.value,
    contactParameters: Object.fromEntries(contactParameters.value),
    interface: client.interface,
    local: client.local,
  });
}

function secretOf(register: Shaped<typeof REGISTER>): ClientSecret | undefined {
  if (register.type === 'guest') return { type: 'none' };
  if (register.ha1_secret !== undefined) return { type: 'ha1', ha1: register.ha1_secret };
  if (register.secret === undefined) return undefined;
  return { type: 'password', password: register.secret };
}

function expiryOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 1), MAX_EXPIRY_SECONDS);
}

export function isSipAddress(text: string): boolean {
  return SIP_ADDRESS.test(text);
}

/** Reads an object of header names and values. */
export function readHeaders(object: JsonObject | undefined, field: string): Result<ExtraHeaders> {
  const entries = Object.entries(object ?? {});
  if (entries.length > MAX_HEADERS) return fail('field.wrong_type', field);
  const headers: [string, string][] = [];
  for (const [name, value] of entries) {
    const isText = typeof value === 'string' && HEADER_VALUE.test(value);
    if (!isText || !TOKEN.test(name) || ASSERTIONS.has(canonicalName(name))) {
      return fail('field.wrong_type', `${field}: ${name.slice(0, 64)}`);
    }
    headers.push([name, value]);
  }
  return succeed(headers);
}

/** How the far leg ought to be keyed; RTP in clear where the client says nothing. */
export function readKeying(srtp: string | undefined): Result<IncomingLeg['farKeying']> {
  switch (srtp) {
    case undefined:
      return succeed(undefined);
    case 'sdes_optional':
      return succeed('sdes-optional');
    case 'sdes_mandatory':
      return succeed('sdes-mandatory');
    default:
      return fail('field.wrong_type', 'srtp');
  }
}

export function readHoldDirection(
  direction: string | undefined,
): Result<'sendonly' | 'recvonly' | 'inactive'> {
  switch (direction) {
    case undefined:
      return succeed('sendonly');
    case 'sendonly':
    case 'recvonly':
    case 'inactive':
      return succeed(direction);
    default:
      return fail('field.wrong_type', 'direction');
  }
}

export function readDigit(body: JsonObject): Result<{ digit: string; durationMs: number }> {
  const read = readShape(body, DTMF_INFO);
  if (!read.ok) return read;
  const { digit, duration } = read.value;
  if (!/^[0-9A-Da-d*#]$/.test(digit)) return fail('field.wrong_type', 'digit');
  const durationMs = Math.min(duration ?? DEFAULT_DTMF_MS, MAX_DTMF_MS);
  return succeed({ digit: digit.toUpperCase(), durationMs });
}

/** Headers as the API gives them to clients, or nothing where there are none. */
export function headersObject(headers: ExtraHeaders): JsonObject | undefined {
  return headers.length === 0 ? undefined : Object.fromEntries(headers);
}
