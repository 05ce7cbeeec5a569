/** The log as a port, with values that redact themselves by type. */

/** Something that must never be printed: keys, passwords, ICE credentials, digests. */
export class Secret<T = string> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}

/** What kind of personal datum a value is; an operator chooses which kinds are redacted. */
export type PersonalKind = 'address' | 'number' | 'name';

/** A personal datum in a log line. The log adapter prints or redacts it by its kind. */
export class Personal {
  readonly kind: PersonalKind;
  readonly value: string;
  constructor(kind: PersonalKind, value: string) {
    this.kind = kind;
    this.value = value;
  }
}

export type LogValue = string | number | boolean | null | undefined | Secret<unknown> | Personal;
export type LogFields = { readonly [key: string]: LogValue };

/** Facts, not prose: `log.info('leg.answered', { leg, codec })`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log whose every line also carries `fields`. */
  child(fields: LogFields): Log;
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
