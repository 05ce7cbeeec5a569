/** Where users are reached now: the registered bindings of their phones (RFC 3261 §10). */
import type { Binding, BindingChange, Destination } from '../sip/endpoint-contract.ts';
import type { UserKey } from './users.ts';

/** Names one binding. */
export type FlowKey = string;

export interface Reachable {
  readonly key: FlowKey;
  readonly contact: string;
  readonly destination: Destination;
  readonly interfaceName: string;
}

export class Location {
  readonly #bindings = new Map<FlowKey, Binding>();
  readonly #keysOfUser = new Map<UserKey, Set<FlowKey>>();

  constructor(bindings: readonly Binding[] = []) {
    for (const binding of bindings) this.apply({ type: 'added', binding });
  }

  snapshot(): readonly Binding[] {
    return structuredClone([...this.#bindings.values()]);
  }

  apply({ type, binding }: BindingChange): void {
    const key = `${binding.addressOfRecord} ${binding.contact}`;
    const owner = binding.identity.name;
    if (type === 'added' || type === 'refreshed') {
      this.#bindings.set(key, binding);
      const keys = this.#keysOfUser.get(owner) ?? new Set();
      this.#keysOfUser.set(owner, keys.add(key));
      return;
    }
    // The registrar keeps the binding of a lost flow until it expires; nobody is called on it.
    this.#bindings.delete(key);
    const keys = this.#keysOfUser.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysOfUser.delete(owner);
  }

  /** Every binding of a user, the preferred first. */
  ofUser(user: UserKey): Reachable[] {
    const bindings = [...(this.#keysOfUser.get(user) ?? [])].flatMap((key) => {
      const binding = this.#bindings.get(key);
      return binding === undefined ? [] : [{ key, binding }];
    });
    bindings.sort((a, b) => b.binding.q - a.binding.q);
    return bindings.map(({ key, binding }) => ({
      key,
      contact: binding.contact,
      destination: binding.destination,
      interfaceName: binding.interfaceName,
    }));
  }

  destinationOf(key: FlowKey): Destination | undefined {
    return this.#bindings.get(key)?.destination;
  }

  get size(): number {
    return this.#bindings.size;
  }
}
