/** Via values (RFC 3261 §20.42, RFC 3581). */

import { bracketed } from '../../core/ip-address.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import { isToken } from './characters.ts';
import { parseHostPort } from './host-port.ts';
import {
  type Parameters,
  parameter,
  parseHeaderParameters,
  serialiseParameters,
} from './parameters.ts';

export interface Via {
  /** In upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS` or anything else. */
  readonly transport: string;
  /** In lower case; an IPv6 literal without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly parameters: Parameters;
}

/** Every branch made by an RFC 3261 element begins so (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

export function parseVia(text: string): Result<Via> {
  const first = text.indexOf('/');
  const second = text.indexOf('/', first + 1);
  if (first === -1 || second === -1) return fail('sip.via', 'no sent-protocol');
  const protocol = text.slice(0, first).trim();
  const version = text.slice(first + 1, second).trim();
  if (protocol.toUpperCase() !== 'SIP' || version !== '2.0') return fail('sip.via', 'not SIP/2.0');
  const rest = text.slice(second + 1).trimStart();
  const gap = rest.search(/[ \t]/);
  if (gap === -1) return fail('sip.via', 'no sent-by');
  const transport = rest.slice(0, gap);
  if (!isToken(transport)) return fail('sip.via', 'bad transport');
  const semicolon = rest.indexOf(';', gap);
  const end = semicolon === -1 ? rest.length : semicolon;
  const sentBy = parseHostPort(rest.slice(gap, end).trim());
  if (sentBy === undefined) return fail('sip.via', 'bad sent-by');
  const parameters = parseHeaderParameters(rest, end);
  if (!parameters.ok) return parameters;
  return succeed({
    transport: transport.toUpperCase(),
    host: sentBy.host,
    port: sentBy.port,
    branch: parameter(parameters.value, 'branch') ?? undefined,
    parameters: parameters.value,
  });
}

export function serialiseVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  const parameters = serialiseParameters(via.parameters);
  return `SIP/2.0/${via.transport} ${bracketed(via.host)}${port}${parameters}`;
}
