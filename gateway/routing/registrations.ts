/** What routing must know of who is registered now. */

/** A registered phone. */
export interface ReachablePhone {
  readonly key: string;
  readonly contact: string;
  readonly interfaceName: string;
}

/** A client of the browser APIs that can be called. */
export interface ReachableClient {
  readonly clients: readonly string[];
  readonly interface: string;
}

/** The own account that a client calls under. */
export interface CallingAccount {
  readonly addressOfRecord: string;
  readonly host: string;
  readonly registrar?: string;
  readonly outboundProxy?: string;
}

export interface Registrations {
  /** The key of the user at `name@host`, where `host` is ours. */
  userAt(name: string, host: string): string | undefined;
  phonesOf(user: string): readonly ReachablePhone[];
  clientsOf(user: string): readonly ReachableClient[];
  /** Clients known here by that name alone, or by the user part of their Contact. */
  clientsCalled(name: string): readonly ReachableClient[];
  account(registration: string): CallingAccount | undefined;
}
