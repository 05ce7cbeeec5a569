/** The SIP account of a handle: registering, registered, or none, and the events that tell so. */
import type {
  ClientAccountCommand,
  ClientAccountEvent,
  ClientAccountKey,
} from '../../../account/client-accounts-contract.ts';
import type { Party } from '../../../call/leg-contract.ts';
import { unreachable } from '../../../core/unreachable.ts';
import { type JsonObject, readShape } from '../../json.ts';
import type { PluginMessage, PluginOutlet } from '../plugin.ts';
import { type Refusal, refusalOf } from './errors.ts';
import { headersObject, REGISTER, readRegistration } from './requests.ts';

export type RegistrationState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'registering';
      readonly transaction: string;
      readonly self: Party;
      readonly helper: boolean;
    }
  | {
      readonly kind: 'registered';
      readonly self: Party;
      readonly account: ClientAccountKey;
      readonly helper: boolean;
    }
  | { readonly kind: 'unregistering'; readonly transaction: string; readonly self: Party };

export class Registration {
  readonly #outlet: PluginOutlet;
  #state: RegistrationState;

  constructor(outlet: PluginOutlet, state: RegistrationState = { kind: 'none' }) {
    this.#outlet = outlet;
    this.#state = state;
  }

  /** Who the handle is and what its calls go out under, once it is registered. */
  get registered(): { readonly self: Party; readonly account: ClientAccountKey } | undefined {
    return this.#state.kind === 'registered' ? this.#state : undefined;
  }

  register(message: PluginMessage): Refusal | undefined {
    const { body, transaction, peer } = message;
    const read = readShape(body, REGISTER);
    if (!read.ok) return refusalOf(read.fault);
    if (read.value.type === 'helper') return this.#join(transaction, read.value.master_id, body);
    if (this.#state.kind === 'registering') {
      return { error: 'wrongState', detail: 'Already registering' };
    }
    if (this.#state.kind === 'registered' && read.value.refresh !== true) {
      return { error: 'alreadyRegistered', detail: 'Already registered' };
    }
    const { handle, mediaInterface } = this.#outlet;
    const command = readRegistration(body, {
      key: String(handle),
      interface: mediaInterface,
      local: peer.loopback,
    });
    if (!command.ok) return refusalOf(command.fault);
    const { addressOfRecord, displayName, send } = command.value;
    const self = { uri: addressOfRecord, displayName };
    this.#state = { kind: 'registering', transaction, self, helper: false };
    if (send) this.#tell({ event: 'registering', unique_id: handle }, transaction);
    this.#outlet.account(command.value);
    return undefined;
  }

  #join(transaction: string, master: number | undefined, body: JsonObject): Refusal | undefined {
    if (master === undefined) {
      return { error: 'missingElement', detail: 'Missing mandatory element (master_id)' };
    }
    if (this.#state.kind !== 'none') {
      return { error: 'alreadyRegistered', detail: 'Already registered' };
    }
    const username = typeof body.username === 'string' ? body.username : '';
    this.#state = { kind: 'registering', transaction, self: { uri: username }, helper: true };
    this.#command({ type: 'join', client: this.#client, master: String(master) });
    return undefined;
  }

  unregister(transaction: string): Refusal | undefined {
    if (this.#state.kind !== 'registered') {
      return { error: 'wrongState', detail: 'Not registered' };
    }
    this.#state = { kind: 'unregistering', transaction, self: this.#state.self };
    this.#tell({ event: 'unregistering' }, transaction);
    this.#command({ type: 'unregister', client: this.#client });
    return undefined;
  }

  accountEvent(event: ClientAccountEvent): void {
    switch (event.type) {
      case 'registering':
        return;
      case 'registered':
        return this.#registered(event);
      case 'registration-failed':
        return this.#failed(event);
      case 'unregistered':
        return this.#unregistered(event);
      default:
        return unreachable(event);
    }
  }

  /** The handle goes away, and its account with it. */
  forget(): void {
    if (this.#state.kind === 'none') return;
    this.#state = { kind: 'none' };
    this.#command({ type: 'forget', client: this.#client });
  }

  snapshot(): RegistrationState {
    return this.#state;
  }

  get #client(): string {
    return String(this.#outlet.handle);
  }

  #registered(event: Extract<ClientAccountEvent, { type: 'registered' }>): void {
    const before = this.#state;
    if (before.kind !== 'registering' && before.kind !== 'registered') return;
    const self = { ...before.self, uri: event.addressOfRecord };
    this.#state = { kind: 'registered', self, account: event.account, helper: before.helper };
    this.#tell(
      {
        event: 'registered',
        username: event.addressOfRecord,
        register_sent: event.sent,
        master_id: before.helper ? undefined : this.#outlet.handle,
        helper: before.helper ? true : undefined,
        unique_id: this.#outlet.handle,
      },
      before.kind === 'registering' ? before.transaction : undefined,
    );
  }

  #failed(event: Extract<ClientAccountEvent, { type: 'registration-failed' }>): void {
    const before = this.#state;
    if (before.kind === 'none') return;
    this.#state = { kind: 'none' };
    this.#tell(
      {
        event: 'registration_failed',
        code: event.status,
        reason: event.reason,
        headers: headersObject(event.headers),
      },
      before.kind === 'registered' ? undefined : before.transaction,
    );
  }

  #unregistered(event: Extract<ClientAccountEvent, { type: 'unregistered' }>): void {
    const before = this.#state;
    this.#state = { kind: 'none' };
    this.#tell(
      { event: 'unregistered', username: event.addressOfRecord, register_sent: event.sent },
      before.kind === 'unregistering' ? before.transaction : undefined,
    );
  }

  #command(command: ClientAccountCommand): void {
    this.#outlet.account(command);
  }

  #tell(result: JsonObject, transaction: string | undefined): void {
    this.#outlet.event({ sip: 'event', result }, { transaction });
  }
}
