/** Registering at others' registrars: refresh, back-off, unregister (RFC 3261 §10.2, RFC 5626). */
import { randomUint32 } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { decimal } from '../wire/sip/characters.ts';
import { MAX_DELTA_SECONDS } from '../wire/sip/limits.ts';
import { headerValue, headerValues, type SipResponse } from '../wire/sip/message.ts';
import { parseNameAddress } from '../wire/sip/name-address.ts';
import { NO_PARAMETERS, parameter } from '../wire/sip/parameters.ts';
import { userAgentHeader, withDefaults } from './capabilities.ts';
import type {
  RegisterCommand,
  RegistrationKey,
  RegistrationState,
  UnregisterCommand,
} from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import { draftOutOfDialog } from './out-of-dialog.ts';
import type { OutboundRequest, OutboundRequests, Outcome } from './outbound-requests.ts';
import { localResponse } from './received.ts';
import type { RequestDraft } from './request-draft.ts';

/** What is kept of one registration. */
export interface Registration {
  readonly key: RegistrationKey;
  readonly command: RegisterCommand;
  /** Call-ID and tag stay the same for its whole life (§10.2). */
  readonly draft: RequestDraft;
  readonly expiresSeconds: number;
  /** `idle` between tries, whether registered or not. */
  readonly phase: 'registering' | 'unregistering' | 'idle';
  readonly isRegistered: boolean;
  /** Requests of an older command are no longer listened to. */
  readonly outbound?: string | undefined;
  readonly failures: number;
  readonly nextAt?: Millis | undefined;
}

export const DEFAULT_EXPIRES_SECONDS = 3600;
/** Back-off after failures (RFC 5626 §4.5): base and ceiling. */
export const BACK_OFF_BASE: Millis = 30_000;
export const BACK_OFF_CEILING: Millis = 1_800_000;
/** However short a registrar's times are, nobody is asked more often. */
const SHORTEST_WAIT: Millis = 1_000;
/** Refreshes of one 423 loop at most this often. */
const MAX_INTERVAL_RAISES = 3;

export class Registrations {
  readonly #environment: SipEnvironment;
  readonly #outbound: OutboundRequests;
  readonly #registrations = new Map<RegistrationKey, Registration>();

  constructor(
    environment: SipEnvironment,
    outbound: OutboundRequests,
    from?: readonly Registration[],
  ) {
    this.#environment = environment;
    this.#outbound = outbound;
    for (const registration of from ?? []) this.#keep(registration);
  }

  get size(): number {
    return this.#registrations.size;
  }

  snapshot(): readonly Registration[] {
    return [...this.#registrations.values()];
  }

  register(command: RegisterCommand): void {
    const key = command.registration;
    const draft = draftOutOfDialog(
      this.#environment,
      {
        ...command,
        requestUri: command.registrarUri,
        from: command.addressOfRecord,
        to: command.addressOfRecord,
      },
      'REGISTER',
    );
    if (!draft.ok) {
      this.#announce(key, {
        type: 'failed',
        ...localResponse(400),
        reason: `${draft.fault.code} ${draft.fault.detail}`,
      });
      return;
    }
    const parameters = command.contactParameters ?? NO_PARAMETERS;
    const agent = userAgentHeader(this.#environment.options);
    const known = this.#registrations.get(key);
    const fresh: RequestDraft = {
      ...draft.value,
      contact: { user: command.contactUser, parameters },
      headers: withDefaults(draft.value.headers, [agent]),
    };
    const isSame = known?.command.addressOfRecord === command.addressOfRecord;
    this.#announce(key, { type: 'registering' });
    this.#send({
      key,
      command,
      draft: isSame && known ? { ...fresh, ...identityOf(known.draft) } : fresh,
      expiresSeconds: command.expiresSeconds ?? DEFAULT_EXPIRES_SECONDS,
      phase: 'registering',
      isRegistered: known?.isRegistered ?? false,
      failures: 0,
    });
  }

  unregister(command: UnregisterCommand): boolean {
    const registration = this.#registrations.get(command.registration);
    if (registration === undefined) return false;
    if (registration.isRegistered || registration.phase === 'registering') {
      this.#send({ ...registration, phase: 'unregistering', nextAt: undefined });
    } else {
      this.#finish(registration);
    }
    return true;
  }

  timeout(key: RegistrationKey): void {
    const registration = this.#registrations.get(key);
    if (registration === undefined) return;
    this.#send({ ...registration, phase: 'registering', nextAt: undefined });
  }

  answered(request: OutboundRequest, key: RegistrationKey, outcome: Outcome): void {
    const known = this.#registrations.get(key);
    if (known === undefined || known.outbound !== request.key) return;
    if (outcome.type === 'response' && outcome.response.status < 200) return;
    // A challenged request went out again with a higher number.
    const draft = { ...known.draft, cseq: request.draft.cseq };
    const registration = { ...known, draft, outbound: undefined };
    if (registration.phase === 'unregistering') {
      this.#finish(registration);
    } else if (outcome.type !== 'response') {
      this.#failed(registration, localResponse(outcome.type === 'timeout' ? 408 : 503));
    } else if (outcome.response.status < 300) {
      this.#registered(registration, outcome.response);
    } else if (outcome.response.status === 423 && registration.failures < MAX_INTERVAL_RAISES) {
      this.#raiseInterval(registration, outcome.response);
    } else {
      this.#failed(registration, outcome.response);
    }
  }

  #send(registration: Registration): void {
    const isLeaving = registration.phase === 'unregistering';
    const seconds = isLeaving ? 0 : registration.expiresSeconds;
    const cseq = registration.draft.cseq + 1;
    const expires = { name: 'Expires', value: String(seconds) };
    const draft = { ...registration.draft, cseq };
    const { account, destination, interfaceName } = registration.command;
    const outbound = this.#outbound.reserve();
    this.#keep({ ...registration, draft, outbound, nextAt: undefined });
    this.#outbound.start(outbound, {
      owner: { type: 'registration', registration: registration.key },
      draft: { ...draft, headers: [...draft.headers, expires] },
      account,
      destination,
      interfaceName,
    });
  }

  #registered(registration: Registration, response: SipResponse): void {
    const seconds = grantedSeconds(registration, response);
    // Early enough for one lost refresh and its 32 s, at the latest at half time.
    const refreshMs = Math.max(Math.max(seconds - 40, seconds / 2) * 1000, SHORTEST_WAIT);
    this.#keep({
      ...registration,
      phase: 'idle',
      isRegistered: true,
      failures: 0,
      nextAt: this.#environment.now + refreshMs,
    });
    const { headers } = response;
    this.#announce(registration.key, { type: 'registered', expiresSeconds: seconds, headers });
  }

  #raiseInterval(registration: Registration, response: SipResponse): void {
    const text = headerValue(response.headers, 'Min-Expires') ?? '';
    const minimum = decimal(text, MAX_DELTA_SECONDS);
    const seconds = Math.max(minimum ?? 0, registration.expiresSeconds * 2);
    const failures = registration.failures + 1;
    this.#send({ ...registration, expiresSeconds: minimum ?? seconds, failures });
  }

  #failed(
    registration: Registration,
    response: Pick<SipResponse, 'status' | 'reason' | 'headers'>,
  ): void {
    const failures = registration.failures + 1;
    const retryAfterMs = this.#backOff(failures, response);
    this.#keep({
      ...registration,
      phase: 'idle',
      isRegistered: false,
      failures,
      nextAt: this.#environment.now + retryAfterMs,
    });
    const { status, reason, headers } = response;
    this.#announce(registration.key, { type: 'failed', status, reason, headers, retryAfterMs });
  }

  /** Doubling with jitter, or what Retry-After asks; a refusal goes to the ceiling at once. */
  #backOff(failures: number, response: Pick<SipResponse, 'status' | 'headers'>): Millis {
    const asked = decimal(
      (headerValue(response.headers, 'Retry-After') ?? '').split(/[\s;(]/)[0] ?? '',
      MAX_DELTA_SECONDS,
    );
    if (asked !== undefined) {
      return Math.min(Math.max(asked * 1000, SHORTEST_WAIT), BACK_OFF_CEILING);
    }
    const isRefusal = response.status >= 400 && response.status < 500 && response.status !== 408;
    const doubled = BACK_OFF_BASE * 2 ** Math.min(failures - 1, 10);
    const wait = isRefusal ? BACK_OFF_CEILING : Math.min(doubled, BACK_OFF_CEILING);
    return wait / 2 + (randomUint32(this.#environment.random) / 2 ** 32) * (wait / 2);
  }

  #finish(registration: Registration): void {
    this.#registrations.delete(registration.key);
    this.#environment.deadlines.set(`registration/${registration.key}`, undefined);
    this.#announce(registration.key, { type: 'unregistered' });
  }

  #keep(registration: Registration): void {
    this.#registrations.set(registration.key, registration);
    this.#environment.deadlines.set(`registration/${registration.key}`, registration.nextAt);
  }

  #announce(registration: RegistrationKey, state: RegistrationState): void {
    this.#environment.emit({ type: 'registration', registration, state });
  }
}

function identityOf(draft: RequestDraft): Pick<RequestDraft, 'callId' | 'from' | 'cseq'> {
  return { callId: draft.callId, from: draft.from, cseq: draft.cseq };
}

/** What the registrar granted to our Contact (§10.2.4); ours is the one with our user. */
function grantedSeconds(registration: Registration, response: SipResponse): number {
  const { contactUser } = registration.command;
  for (const value of headerValues(response.headers, 'Contact')) {
    const contact = parseNameAddress(value);
    if (!contact.ok || contact.value.uri.user !== contactUser) continue;
    const seconds = decimal(
      parameter(contact.value.parameters, 'expires') ?? '',
      MAX_DELTA_SECONDS,
    );
    if (seconds !== undefined && seconds > 0) return seconds;
  }
  const header = decimal(headerValue(response.headers, 'Expires') ?? '', MAX_DELTA_SECONDS);
  return header === undefined || header === 0 ? registration.expiresSeconds : header;
}
