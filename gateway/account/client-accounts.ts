/** SIP accounts that API clients bring along: registered with a registrar, or known here only. */

import { type Random, randomHex } from '../core/random.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import type {
  DigestCredentials,
  RegistrationState,
  SipCommand,
  SipEvent,
} from '../sip/endpoint-contract.ts';
import { parseUri, type SipUri } from '../wire/sip/uri.ts';
import type {
  ClientAccountCommand,
  ClientAccountEvent,
  ClientAccountKey,
  ClientKey,
  ClientSecret,
} from './client-accounts-contract.ts';
import { type UserKey, type Users, userKey } from './users.ts';

type Register = Extract<ClientAccountCommand, { type: 'register' }>;

/** An account in all its parts; plain JSON. */
export interface ClientAccount {
  readonly key: ClientAccountKey;
  readonly owner: ClientKey;
  readonly addressOfRecord: string;
  readonly user: string;
  readonly host: string;
  /** The user part of our Contact, by which calls to the account are known. */
  readonly contactUser: string;
  readonly displayName?: string;
  readonly authenticationUser: string;
  readonly secret: ClientSecret;
  readonly registrar?: string;
  readonly outboundProxy?: string;
  /** Whether REGISTER was sent, rather than the account being known here only. */
  readonly sent: boolean;
  /** The user of our own that the client proved to be. */
  readonly localUser?: UserKey;
  readonly interface: string;
  readonly local: boolean;
  state: 'registering' | 'registered' | 'unregistering';
  /** Every handle that calls and is called under the account, its owner first. */
  clients: ClientKey[];
}

export interface ClientAccountsPorts {
  readonly users: Users;
  /** Whether an address is this gateway's own. */
  isOurs(uri: SipUri): boolean;
  /** Whether policy lets a client of ours reach that address at all. */
  mayReach(uri: SipUri, local: boolean): boolean;
}

export type ClientAccountsOutput =
  | { readonly type: 'event'; readonly event: ClientAccountEvent }
  | { readonly type: 'sip'; readonly command: SipCommand };

export type ClientAccountsSnapshot = readonly ClientAccount[];

export class ClientAccounts {
  readonly #ports: ClientAccountsPorts;
  readonly #random: Random;
  readonly #accounts = new Map<ClientAccountKey, ClientAccount>();
  readonly #keyOfClient = new Map<ClientKey, ClientAccountKey>();
  readonly #outputs: ClientAccountsOutput[] = [];

  constructor(ports: ClientAccountsPorts, random: Random, snapshot?: ClientAccountsSnapshot) {
    this.#ports = ports;
    this.#random = random;
    for (const account of structuredClone(snapshot ?? [])) this.#add(account);
  }

  command(command: ClientAccountCommand): void {
    switch (command.type) {
      case 'register':
        this.#register(command);
        return;
      case 'join':
        this.#join(command.client, command.master);
        return;
      case 'unregister':
        this.#unregister(command.client);
        return;
      case 'forget':
        this.#forget(command.client);
        return;
      default:
        unreachable(command);
    }
  }

  /** What became of a registration of ours at its registrar. */
  registration(event: Extract<SipEvent, { type: 'registration' }>): void {
    const account = this.#accounts.get(event.registration);
    if (account !== undefined) this.#advance(account, event.state);
  }

  poll(): ClientAccountsOutput | undefined {
    return this.#outputs.shift();
  }

  get(key: ClientAccountKey): ClientAccount | undefined {
    return this.#accounts.get(key);
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** Accounts that a call to `user` at an address of ours is meant for. */
  calledAs(user: string): ClientAccount[] {
    return this.#registered((account) =>
      account.sent ? account.contactUser === user : account.user === user,
    );
  }

  ofUser(user: UserKey): ClientAccount[] {
    return this.#registered(({ localUser }) => localUser === user);
  }

  /** What answers a challenge on behalf of an account; who may be answered, routing decides. */
  credentials(key: ClientAccountKey): DigestCredentials | undefined {
    const account = this.#accounts.get(key);
    if (account === undefined) return undefined;
    const { secret, authenticationUser: username } = account;
    switch (secret.type) {
      case 'none':
        return undefined;
      case 'password':
        return { username, password: secret.password };
      case 'ha1':
        return { username, ha1: { MD5: secret.ha1 } };
      default:
        return unreachable(secret);
    }
  }

  snapshot(): ClientAccountsSnapshot {
    return structuredClone([...this.#accounts.values()]);
  }

  #registered(wanted: (account: ClientAccount) => boolean): ClientAccount[] {
    return [...this.#accounts.values()].filter(
      (each) => each.state === 'registered' && wanted(each),
    );
  }

  #register(command: Register): void {
    this.#leave(command.client);
    const account = this.#accountOf(command);
    if (!account.ok) {
      const forbidden = account.fault.code === 'account.forbidden';
      const [status, reason] = forbidden ? [403, 'Forbidden'] : [400, 'Bad Request'];
      this.#fail(command.client, status, reason);
      return;
    }
    this.#add(account.value);
    if (account.value.sent) this.#send(account.value, command);
    else this.#nowRegistered(account.value, [command.client]);
  }

  #accountOf(command: Register): Result<ClientAccount> {
    const address = parseUri(command.addressOfRecord);
    if (!address.ok) return address;
    const { user, host } = address.value;
    if (user === undefined || host === '') return fail('account.address', 'no user or no host');
    const localUser = this.#localUser(command, address.value, user);
    if (!localUser.ok) return localUser;
    const ours = command.registrar === undefined && this.#ports.isOurs(address.value);
    const sent = command.send && !ours;
    const target = parseUri(command.outboundProxy ?? command.registrar ?? command.addressOfRecord);
    if (!target.ok) return target;
    // A proxy is the next hop of every call too, so it is checked though nothing is registered.
    const isUsed = sent || command.outboundProxy !== undefined;
    if (isUsed && !this.#ports.mayReach(target.value, command.local)) {
      return fail('account.forbidden', 'no route to the registrar or proxy');
    }
    return succeed({
      key: `client:${randomHex(this.#random, 8)}`,
      owner: command.client,
      addressOfRecord: command.addressOfRecord,
      user,
      host,
      contactUser: `${user}-${randomHex(this.#random, 4)}`,
      displayName: command.displayName,
      authenticationUser: command.authenticationUser ?? user,
      secret: command.secret,
      registrar: command.registrar,
      outboundProxy: command.outboundProxy,
      sent,
      localUser: localUser.value,
      interface: command.interface,
      local: command.local,
      state: 'registering',
      clients: [command.client],
    });
  }

  /** Nobody is a user of ours, nor at an address of one, without that user's secret. */
  #localUser(command: Register, address: SipUri, name: string): Result<UserKey | undefined> {
    if (!this.#ports.isOurs(address)) return succeed(undefined);
    const user = this.#ports.users.at(name, address.host);
    const isElsewhere = command.registrar !== undefined;
    if (user === undefined) {
      // A guest of a name that nobody has, or one that only another registrar knows; a secret of
      // ours for it could only be wrong.
      if (command.secret.type === 'none' || isElsewhere) return succeed(undefined);
      return fail('account.forbidden', 'no such user');
    }
    if (!this.#ports.users.admits(user, command.secret)) {
      return fail('account.forbidden', 'wrong secret');
    }
    return succeed(isElsewhere ? undefined : userKey(user));
  }

  #send(account: ClientAccount, command: Register): void {
    const { key, addressOfRecord, contactUser, registrar, outboundProxy } = account;
    this.#sip({
      type: 'register',
      registration: key,
      registrarUri: registrar ?? domainOf(addressOfRecord),
      addressOfRecord,
      contactUser,
      contactParameters: Object.entries(command.contactParameters).map(([name, value]) => ({
        name,
        value,
      })),
      expiresSeconds: command.expiresSeconds,
      headers: command.headers.map(([name, value]) => ({ name, value })),
      route: outboundProxy === undefined ? undefined : [`<${outboundProxy};lr>`],
      account: key,
    });
    this.#tell({ type: 'registering', client: account.owner });
  }

  #join(client: ClientKey, master: ClientKey): void {
    this.#leave(client);
    const account = this.#accounts.get(this.#keyOfClient.get(master) ?? '');
    if (account === undefined || account.state === 'unregistering') {
      this.#fail(client, 404, 'Not Found');
      return;
    }
    account.clients.push(client);
    this.#keyOfClient.set(client, account.key);
    if (account.state === 'registered') this.#nowRegistered(account, [client]);
  }

  #unregister(client: ClientKey): void {
    const account = this.#accounts.get(this.#keyOfClient.get(client) ?? '');
    if (account === undefined) {
      this.#tell({ type: 'unregistered', client, addressOfRecord: '', sent: false });
      return;
    }
    if (account.owner !== client || !account.sent) {
      const { addressOfRecord } = account;
      this.#leave(client);
      this.#tell({ type: 'unregistered', client, addressOfRecord, sent: false });
      return;
    }
    account.state = 'unregistering';
    this.#sip({ type: 'unregister', registration: account.key });
  }

  #forget(client: ClientKey): void {
    this.#leave(client);
  }

  /** Takes a handle from its account. An owner takes the account along. */
  #leave(client: ClientKey): void {
    const account = this.#accounts.get(this.#keyOfClient.get(client) ?? '');
    if (account === undefined) return;
    this.#keyOfClient.delete(client);
    account.clients = account.clients.filter((each) => each !== client);
    if (account.owner !== client) return;
    if (account.sent) this.#sip({ type: 'unregister', registration: account.key });
    this.#drop(account);
  }

  #drop(account: ClientAccount): void {
    this.#accounts.delete(account.key);
    for (const client of account.clients) {
      this.#keyOfClient.delete(client);
      const { addressOfRecord, sent } = account;
      this.#tell({ type: 'unregistered', client, addressOfRecord, sent });
    }
  }

  #advance(account: ClientAccount, state: RegistrationState): void {
    switch (state.type) {
      case 'registering':
        return;
      case 'registered':
        // A refresh is no news.
        if (account.state === 'registering') this.#nowRegistered(account, account.clients);
        return;
      case 'failed':
        // A refresh that failed for now is tried again by the endpoint, and is no news either.
        if (account.state === 'registered' && state.retryAfterMs !== undefined) return;
        this.#registrationFailed(account, state);
        return;
      case 'unregistered':
        this.#drop(account);
        return;
      default:
        unreachable(state);
    }
  }

  /** The client hears that it failed and may try again; nothing goes on behind its back. */
  #registrationFailed(
    account: ClientAccount,
    state: Extract<RegistrationState, { type: 'failed' }>,
  ): void {
    const headers = state.headers.map(({ name, value }) => [name, value] as const);
    for (const client of account.clients) {
      const { status, reason } = state;
      this.#tell({ type: 'registration-failed', client, status, reason, headers });
    }
    if (state.retryAfterMs !== undefined) {
      this.#sip({ type: 'unregister', registration: account.key });
    }
    this.#accounts.delete(account.key);
    for (const client of account.clients) this.#keyOfClient.delete(client);
  }

  #nowRegistered(account: ClientAccount, clients: readonly ClientKey[]): void {
    account.state = 'registered';
    const { key, addressOfRecord, sent } = account;
    for (const client of clients) {
      this.#tell({ type: 'registered', client, addressOfRecord, account: key, sent });
    }
  }

  #add(account: ClientAccount): void {
    this.#accounts.set(account.key, account);
    for (const client of account.clients) this.#keyOfClient.set(client, account.key);
  }

  #fail(client: ClientKey, status: number, reason: string): void {
    this.#tell({ type: 'registration-failed', client, status, reason, headers: [] });
  }

  #tell(event: ClientAccountEvent): void {
    this.#outputs.push({ type: 'event', event });
  }

  #sip(command: SipCommand): void {
    this.#outputs.push({ type: 'sip', command });
  }
}

/** RFC 3261 §10.2: the Request-URI of a REGISTER names the domain and no user. */
function domainOf(addressOfRecord: string): string {
  return addressOfRecord.replace(/^(sips?:)[^@]*@/i, '$1');
}
