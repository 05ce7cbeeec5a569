/** What an API client's own SIP account is told and tells: register, be called, unregister. */

/** One handle of an API client, unique over the process. */
export type ClientKey = string;
/** Names a client's account: the `registration` of an incoming leg, and a credentials key. */
export type ClientAccountKey = string;

/** How the client proves itself to its registrar and to whoever challenges its calls. */
export type ClientSecret =
  | { readonly type: 'password'; readonly password: string }
  /** MD5 of `user:realm:password` (RFC 7616 §3.4.2), so that we never see the password. */
  | { readonly type: 'ha1'; readonly ha1: string }
  /** A guest: calls and is called without credentials. */
  | { readonly type: 'none' };

export type ClientAccountCommand =
  | {
      readonly type: 'register';
      readonly client: ClientKey;
      /** The address of record: `sip:alice@example.org`. */
      readonly addressOfRecord: string;
      readonly displayName?: string;
      /** The user name of the digest where it is not the user of the address of record. */
      readonly authenticationUser?: string;
      readonly secret: ClientSecret;
      /** Where REGISTER goes when not to the domain: a SIP URI. */
      readonly registrar?: string;
      /** Where every request goes first: a SIP URI. */
      readonly outboundProxy?: string;
      /** False keeps the account local: no REGISTER is sent. */
      readonly send: boolean;
      readonly expiresSeconds?: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly contactParameters: { readonly [name: string]: string };
      /** Name of the configured interface that the client's media uses. */
      readonly interface: string;
      /** Whether the client itself is on loopback. */
      readonly local: boolean;
    }
  /** Another handle that calls and is called under the account of `master`. */
  | { readonly type: 'join'; readonly client: ClientKey; readonly master: ClientKey }
  | { readonly type: 'unregister'; readonly client: ClientKey }
  /** The handle is gone; its account goes with it, and its helpers' accounts too. */
  | { readonly type: 'forget'; readonly client: ClientKey };

export type ClientAccountEvent =
  | { readonly type: 'registering'; readonly client: ClientKey }
  /** Also after each refresh that changed something; `sent` tells whether a REGISTER was. */
  | {
      readonly type: 'registered';
      readonly client: ClientKey;
      readonly addressOfRecord: string;
      readonly account: ClientAccountKey;
      readonly sent: boolean;
    }
  | {
      readonly type: 'registration-failed';
      readonly client: ClientKey;
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly type: 'unregistered';
      readonly client: ClientKey;
      readonly addressOfRecord: string;
      readonly sent: boolean;
    };
