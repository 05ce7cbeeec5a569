/** Connects the machines of the call layer: calls, SIP legs, clients' accounts and location. */
import { ClientAccounts, type ClientAccountsSnapshot } from '../account/client-accounts.ts';
import type {
  ClientAccountCommand,
  ClientAccountEvent,
} from '../account/client-accounts-contract.ts';
import { Location } from '../account/location.ts';
import type { Users } from '../account/users.ts';
import type { Machine } from '../core/machine.ts';
import type { Random } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { isOurs } from '../routing/own-addresses.ts';
import type { Registrations } from '../routing/registrations.ts';
import { isReachable, type RoutingTable, route } from '../routing/route.ts';
import type { Binding, DigestCredentials, SipCommand, SipEvent } from '../sip/endpoint-contract.ts';
import type { Trunks } from '../trunk/trunks.ts';
import type { CallApplication } from './application.ts';
import { B2bua, type B2buaSnapshot } from './b2bua.ts';
import type { B2buaInput, B2buaOutput, CallCounts } from './b2bua-contract.ts';
import type { CallSummary } from './call-record.ts';
import type { CallId, IncomingLeg, LegCommand, LegEvent, LegId } from './leg-contract.ts';
import { legPolicyOf } from './leg-policy.ts';
import { SipLegs, type SipLegsSnapshot } from './sip-legs.ts';
import type { CallLimits } from './stage.ts';

export interface SwitchboardOptions {
  readonly limits: CallLimits;
  readonly applications: { readonly [name: string]: CallApplication };
  readonly routing: RoutingTable;
  readonly users: Users;
  readonly trunks: Trunks;
}

export type SwitchboardInput =
  | { readonly type: 'sip'; readonly event: SipEvent }
  /** A browser application calls, and speaks for the legs that it has. */
  | { readonly type: 'janus-leg'; readonly leg: IncomingLeg }
  | { readonly type: 'janus-event'; readonly leg: LegId; readonly event: LegEvent }
  | { readonly type: 'account-command'; readonly command: ClientAccountCommand }
  | Exclude<B2buaInput, { readonly type: 'incoming' | 'leg-event' }>;

export type SwitchboardOutput =
  | { readonly type: 'sip'; readonly command: SipCommand }
  | { readonly type: 'janus'; readonly leg: LegId; readonly command: LegCommand }
  | { readonly type: 'account-event'; readonly event: ClientAccountEvent }
  | Exclude<B2buaOutput, { readonly type: 'leg-command' }>;

export interface SwitchboardSnapshot {
  readonly calls: B2buaSnapshot;
  readonly sipLegs: SipLegsSnapshot;
  readonly accounts: ClientAccountsSnapshot;
  readonly location: readonly Binding[];
}

export interface SwitchboardCounts extends CallCounts {
  readonly sipLegs: number;
  readonly accounts: number;
  readonly bindings: number;
}

export class Switchboard
  implements Machine<SwitchboardInput, SwitchboardOutput, SwitchboardSnapshot>
{
  readonly #options: SwitchboardOptions;
  readonly #calls: B2bua;
  readonly #sipLegs: SipLegs;
  readonly #accounts: ClientAccounts;
  readonly #location: Location;
  readonly #outputs: SwitchboardOutput[] = [];

  constructor(options: SwitchboardOptions, random: Random, snapshot?: SwitchboardSnapshot) {
    this.#options = options;
    const { limits, applications, routing, users, trunks } = options;
    this.#location = new Location(snapshot?.location);
    const registrations = this.#registrations(users);
    this.#calls = new B2bua(
      { limits, applications, route: (request) => route(routing, registrations, request) },
      random,
      snapshot?.calls,
    );
    this.#sipLegs = new SipLegs(
      {
        bindingOf: (key) => this.#location.destinationOf(key),
        policyOf: (identity) => legPolicyOf(identity, users, trunks),
      },
      snapshot?.sipLegs,
    );
    this.#accounts = new ClientAccounts(
      {
        users,
        isOurs: (uri) => isOurs(routing.own, uri),
        mayReach: (uri, local) => isReachable(routing, uri, local),
      },
      random,
      snapshot?.accounts,
    );
  }

  handle(input: SwitchboardInput, now: Millis): void {
    switch (input.type) {
      case 'sip':
        this.#takeSip(input.event, now);
        break;
      case 'janus-leg':
        this.#calls.handle({ type: 'incoming', leg: input.leg }, now);
        break;
      case 'janus-event':
        this.#calls.handle({ type: 'leg-event', leg: input.leg, event: input.event }, now);
        break;
      case 'account-command':
        this.#accounts.command(input.command);
        break;
      default:
        this.#calls.handle(input, now);
    }
    this.#drain();
  }

  handleTimeout(now: Millis): void {
    this.#calls.handleTimeout(now);
    this.#drain();
  }

  poll(): SwitchboardOutput | undefined {
    return this.#outputs.shift();
  }

  deadline(): Millis | undefined {
    return this.#calls.deadline();
  }

  snapshot(): SwitchboardSnapshot {
    return {
      calls: this.#calls.snapshot(),
      sipLegs: this.#sipLegs.snapshot(),
      accounts: this.#accounts.snapshot(),
      location: this.#location.snapshot(),
    };
  }

  calls(): CallSummary[] {
    return this.#calls.calls();
  }

  callOfLeg(leg: LegId): CallId | undefined {
    return this.#calls.callOfLeg(leg);
  }

  counts(): SwitchboardCounts {
    return {
      ...this.#calls.counts(),
      sipLegs: this.#sipLegs.size,
      accounts: this.#accounts.size,
      bindings: this.#location.size,
    };
  }

  /** What answers a challenge for `account`: a trunk's credentials or a client's. */
  credentials(account: string, realm: string): DigestCredentials | undefined {
    const trunk = /^trunk:(.+)$/s.exec(account)?.[1];
    if (trunk === undefined) return this.#accounts.credentials(account);
    const given = this.#options.trunks.get(trunk)?.credentials;
    if (given === undefined || (given.realm !== undefined && given.realm !== realm)) {
      return undefined;
    }
    return { username: given.username, password: given.password };
  }

  #takeSip(event: SipEvent, now: Millis): void {
    if (event.type === 'binding') this.#location.apply(event.change);
    else if (event.type === 'registration') this.#accounts.registration(event);
    const { inputs, commands } = this.#sipLegs.event(event);
    for (const command of commands) this.#outputs.push({ type: 'sip', command });
    for (const input of inputs) this.#calls.handle(input, now);
  }

  #drain(): void {
    for (let output = this.#calls.poll(); output !== undefined; output = this.#calls.poll()) {
      if (output.type === 'leg-command') this.#tellLeg(output);
      else this.#outputs.push(output);
    }
    for (let said = this.#accounts.poll(); said !== undefined; said = this.#accounts.poll()) {
      if (said.type === 'event') this.#outputs.push({ type: 'account-event', event: said.event });
      else this.#outputs.push(said);
    }
  }

  #tellLeg(output: Extract<B2buaOutput, { type: 'leg-command' }>): void {
    const { leg, command } = output;
    switch (output.signalling) {
      case 'janus':
        this.#outputs.push({ type: 'janus', leg, command });
        return;
      case 'sip':
        for (const each of this.#sipLegs.command(leg, command)) {
          this.#outputs.push({ type: 'sip', command: each });
        }
        return;
      default:
        unreachable(output.signalling);
    }
  }

  #registrations(users: Users): Registrations {
    return {
      userAt: (name, host) => users.keyAt(name, host),
      phonesOf: (user) => this.#location.ofUser(user),
      clientsOf: (user) => this.#accounts.ofUser(user),
      clientsCalled: (name) => this.#accounts.calledAs(name),
      account: (registration) => this.#accounts.get(registration),
    };
  }
}
