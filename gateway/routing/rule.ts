/** One rule of the routing table: whose calls to what it takes, and what becomes of them. */
import type { Caller } from './decision.ts';

/** Who calls: `any`, `api`, `users`, `trunks`, `user:NAME` or `trunk:NAME`. */
export type RuleSource = string;

export type RuleTarget =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'trunk'; readonly name: string }
  | { readonly kind: 'extension'; readonly name: string }
  | { readonly kind: 'as-dialled' }
  | { readonly kind: 'reject'; readonly status: number };

export interface RuleDefinition {
  readonly from: RuleSource;
  /** Matches the whole user part. */
  readonly called: RegExp;
  /** Matches the whole host, which is in lower case. */
  readonly calledDomain?: RegExp;
  /** What is called instead, with `$1` for the first group of `called`. */
  readonly rewrite?: string;
  readonly to: RuleTarget;
}

export class RoutingRule {
  readonly to: RuleTarget;
  readonly #from: RuleSource;
  readonly #called: RegExp;
  readonly #domain: RegExp | undefined;
  readonly #rewrite: string | undefined;

  constructor(definition: RuleDefinition) {
    this.to = definition.to;
    this.#from = definition.from;
    this.#called = definition.called;
    this.#domain = definition.calledDomain;
    this.#rewrite = definition.rewrite;
  }

  /** The user part to call when the rule takes this call; undefined when it does not. */
  match(caller: Caller, user: string, host: string): string | undefined {
    if (!isFrom(this.#from, caller) || !this.#called.test(user)) return undefined;
    if (this.#domain?.test(host) === false) return undefined;
    return this.#rewrite === undefined ? user : user.replace(this.#called, this.#rewrite);
  }
}

function isFrom(source: RuleSource, caller: Caller): boolean {
  switch (caller.kind) {
    case 'user':
      return source === 'any' || source === 'users' || source === `user:${caller.name}`;
    case 'trunk':
      return source === 'any' || source === 'trunks' || source === `trunk:${caller.name}`;
    case 'client':
      return source === 'any' || source === 'api';
    case 'stranger':
      return source === 'any';
  }
}
