/** The registrar: which contacts an address of record has, and how they are reached (§10.3). */

import { isIpAddress, sameAddress } from '../core/ip-address.ts';
import { earlier, type Millis } from '../core/time.ts';
import { decimal, escapeUser, unquote } from '../wire/sip/characters.ts';
import { MAX_DELTA_SECONDS } from '../wire/sip/limits.ts';
import { headerValue, headerValues, type SipHeader, type SipRequest } from '../wire/sip/message.ts';
import { type NameAddress, parseNameAddress } from '../wire/sip/name-address.ts';
import { parameter } from '../wire/sip/parameters.ts';
import { parseUri, type SipUri, sameUri, uriParameter } from '../wire/sip/uri.ts';
import type {
  Binding,
  BindingChange,
  Destination,
  Flow,
  FlowKey,
  Identity,
  RegistrarOptions,
} from './endpoint-contract.ts';
import { defaultPort } from './next-hop.ts';

export interface RegistrarAnswer {
  readonly status: number;
  readonly headers: readonly SipHeader[];
  readonly changes: readonly BindingChange[];
}

export interface RegistrarSnapshot {
  readonly bindings: readonly Binding[];
}

/** `sip:alice@example.org` of a To or Request-URI: no port, no parameters (§10.3 step 5). */
export function addressOfRecord(uri: SipUri): string {
  const user = uri.user === undefined ? '' : `${escapeUser(uri.user)}@`;
  return `sip:${user}${uri.host}`;
}

export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #bindings = new Map<string, readonly Binding[]>();
  #size = 0;

  constructor(options: RegistrarOptions, from?: RegistrarSnapshot) {
    this.#options = options;
    for (const binding of from?.bindings ?? []) {
      const record = binding.addressOfRecord;
      this.#store(record, [...this.bindings(record), binding]);
    }
  }

  get size(): number {
    return this.#size;
  }

  snapshot(): RegistrarSnapshot {
    return { bindings: [...this.#bindings.values()].flat() };
  }

  /** The live contacts, the most preferred first, then the newest. */
  bindings(addressOfRecord: string): readonly Binding[] {
    return this.#bindings.get(addressOfRecord) ?? [];
  }

  /** All of a REGISTER or nothing of it happens (§10.3 step 7). */
  register(request: SipRequest, flow: Flow, identity: Identity, now: Millis): RegistrarAnswer {
    const record = addressOfRecord(request.to.uri);
    const values = headerValues(request.headers, 'Contact');
    if (values.length === 0) return this.#listed(record, [], now);
    if (values.includes('*')) return this.#removeAll(request, record, values.length, now);
    let bindings = this.bindings(record);
    const changes: BindingChange[] = [];
    for (const value of values) {
      const contact = parseNameAddress(value);
      if (!contact.ok || contact.value.uri.host === '') return refusal(400);
      const expires = this.#expiresOf(request, contact.value);
      if (expires > 0 && expires < this.#options.minExpiresSeconds) {
        const minimum = String(this.#options.minExpiresSeconds);
        return refusal(423, [{ name: 'Min-Expires', value: minimum }]);
      }
      const known = bindings.find((binding) => sameContact(binding, contact.value));
      if (known !== undefined && isOutOfOrder(known, request)) return refusal(500);
      const others = bindings.filter((binding) => binding !== known);
      if (expires === 0) {
        if (known !== undefined) changes.push({ type: 'removed', binding: known });
        bindings = others;
        continue;
      }
      const expiresAt = now + expires * 1000;
      const source = { request, flow, identity, record };
      const binding = bindingOf(source, contact.value, expiresAt);
      changes.push({ type: known === undefined ? 'added' : 'refreshed', binding });
      bindings = [binding, ...others];
    }
    while (bindings.length > this.#options.maxContacts) {
      const soonest = bindings.reduce((a, b) => (b.expiresAt < a.expiresAt ? b : a));
      changes.push({ type: 'removed', binding: soonest });
      bindings = bindings.filter((binding) => binding !== soonest);
    }
    const more = bindings.length - this.bindings(record).length;
    const { maxBindings = Number.POSITIVE_INFINITY } = this.#options;
    if (more > 0 && this.#size + more > maxBindings) return refusal(503);
    this.#store(record, bindings);
    return this.#listed(record, changes, now);
  }

  /** A connection is gone and with it every contact that was only reachable on it. */
  flowClosed(flow: FlowKey): readonly BindingChange[] {
    return this.#removeWhere('flow-lost', (binding) => binding.destination.flow === flow);
  }

  expire(record: string, now: Millis): readonly BindingChange[] {
    return this.#removeFrom(record, 'expired', (binding) => binding.expiresAt <= now);
  }

  deadlineOf(record: string): Millis | undefined {
    return this.bindings(record).reduce<Millis | undefined>(
      (at, binding) => earlier(at, binding.expiresAt),
      undefined,
    );
  }

  records(): Iterable<string> {
    return this.#bindings.keys();
  }

  #removeAll(request: SipRequest, record: string, contacts: number, now: Millis): RegistrarAnswer {
    const expires = headerValue(request.headers, 'Expires');
    if (contacts > 1 || expires === undefined || decimal(expires, 0) !== 0) return refusal(400);
    if (this.bindings(record).some((binding) => isOutOfOrder(binding, request))) {
      return refusal(500);
    }
    return this.#listed(
      record,
      this.#removeFrom(record, 'removed', () => true),
      now,
    );
  }

  #removeWhere(
    type: BindingChange['type'],
    matches: (binding: Binding) => boolean,
  ): readonly BindingChange[] {
    const records = [...this.#bindings.keys()];
    return records.flatMap((record) => this.#removeFrom(record, type, matches));
  }

  #removeFrom(
    record: string,
    type: BindingChange['type'],
    matches: (binding: Binding) => boolean,
  ): readonly BindingChange[] {
    const bindings = this.bindings(record);
    const gone = bindings.filter(matches);
    if (gone.length === 0) return [];
    this.#store(
      record,
      bindings.filter((binding) => !gone.includes(binding)),
    );
    return gone.map((binding) => ({ type, binding }));
  }

  /** The parameter, else the header, else the default (§10.2.1.1); nonsense counts as absent. */
  #expiresOf(request: SipRequest, contact: NameAddress): number {
    const texts = [
      parameter(contact.parameters, 'expires'),
      headerValue(request.headers, 'Expires'),
    ];
    for (const text of texts) {
      const seconds = decimal(text ?? '', MAX_DELTA_SECONDS);
      if (seconds !== undefined) return Math.min(seconds, this.#options.maxExpiresSeconds);
    }
    return this.#options.defaultExpiresSeconds;
  }

  #store(record: string, bindings: readonly Binding[]): void {
    this.#size += bindings.length - this.bindings(record).length;
    if (bindings.length === 0) this.#bindings.delete(record);
    else
      this.#bindings.set(
        record,
        [...bindings].sort((a, b) => b.q - a.q),
      );
  }

  /** The 200 lists every binding with the time it has left (§10.3 step 8). */
  #listed(record: string, changes: readonly BindingChange[], now: Millis): RegistrarAnswer {
    const headers = this.bindings(record).map(({ contact, expiresAt, q }) => {
      const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000));
      const preference = q === 1000 ? '' : `;q=${(q / 1000).toFixed(3)}`;
      return { name: 'Contact', value: `<${contact}>;expires=${seconds}${preference}` };
    });
    return { status: 200, headers, changes };
  }
}

function refusal(status: number, headers: readonly SipHeader[] = []): RegistrarAnswer {
  return { status, headers, changes: [] };
}

function sameContact(binding: Binding, contact: NameAddress): boolean {
  const known = parseUri(binding.contact);
  return known.ok && sameUri(known.value, contact.uri);
}

/** Within one Call-ID the sequence number must rise (§10.3 step 7). */
function isOutOfOrder(binding: Binding, request: SipRequest): boolean {
  return binding.callId === request.callId && request.cseq.number <= binding.cseq;
}

interface BindingSource {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly identity: Identity;
  readonly record: string;
}

function bindingOf(source: BindingSource, contact: NameAddress, expiresAt: Millis): Binding {
  const { request, flow, identity, record } = source;
  const instance = parameter(contact.parameters, '+sip.instance');
  return {
    addressOfRecord: record,
    contact: contact.uri.text,
    q: preferenceOf(contact),
    expiresAt,
    callId: request.callId,
    cseq: request.cseq.number,
    destination: destinationOf(contact.uri, request, flow),
    interfaceName: flow.interfaceName,
    userAgent: headerValue(request.headers, 'User-Agent'),
    identity,
    path: headerValues(request.headers, 'Path'),
    instanceId: typeof instance === 'string' ? unquote(instance) : undefined,
  };
}

function preferenceOf(contact: NameAddress): number {
  const text = parameter(contact.parameters, 'q');
  if (typeof text !== 'string' || !/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text)) return 1000;
  return Math.round(Number(text) * 1000);
}

/**
 * The observed source, unless the sender plainly listens elsewhere: a proxy that
 * passes on another's contact, or a phone that sends from a port it does not listen on.
 */
function destinationOf(contact: SipUri, request: SipRequest, flow: Flow): Destination {
  const { transport, remoteAddress: address, remotePort: port } = flow;
  if (transport !== 'udp') return { transport, address, port, flow: flow.key };
  const { via } = request;
  const isHidden = !isIpAddress(via.host) || !sameAddress(via.host, address);
  const asksForSource = parameter(via.parameters, 'rport') !== undefined;
  if (isHidden || !isIpAddress(contact.host)) return { transport, address, port };
  const isOwnContact = sameAddress(contact.host, address);
  if (isOwnContact && asksForSource) return { transport, address, port };
  const named = uriParameter(contact, 'transport') === 'tcp' ? 'tcp' : 'udp';
  return {
    transport: named,
    address: contact.host,
    port: contact.port ?? defaultPort(named),
  };
}
