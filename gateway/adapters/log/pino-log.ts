/** The log of a process: JSON lines by pino, or text on a terminal, redacted before either. */
import { type DestinationStream, pino } from 'pino';
import type { Log, LogFields, PersonalKind } from '../../core/log.ts';
import type { Clock } from '../../core/time.ts';
import { type Printable, printable } from './redaction.ts';
import { type Level, textLine } from './text-line.ts';

export interface LogOptions {
  readonly level: Level;
  readonly format: 'json' | 'text';
  /** Kinds of personal data that are blanked. */
  readonly redact: readonly PersonalKind[];
  readonly clock: Clock;
  /** Where lines go, whole. */
  readonly write: (line: string) => void;
}

type Emit = (level: Level, event: string, fields: { readonly [key: string]: Printable }) => void;

const SEVERITY: { readonly [level in Level]: number } = { debug: 0, info: 1, warn: 2, error: 3 };

export function createLog(options: LogOptions): Log {
  const emit = options.format === 'json' ? jsonEmitter(options) : textEmitter(options);
  return new RedactingLog(emit, options.level, new Set(options.redact), {});
}

/** Redacts first, so that no format ever holds what must not be printed. */
class RedactingLog implements Log {
  readonly #emit: Emit;
  readonly #level: Level;
  readonly #redacted: ReadonlySet<PersonalKind>;
  readonly #bound: { readonly [key: string]: Printable };

  constructor(
    emit: Emit,
    level: Level,
    redacted: ReadonlySet<PersonalKind>,
    bound: { readonly [key: string]: Printable },
  ) {
    this.#emit = emit;
    this.#level = level;
    this.#redacted = redacted;
    this.#bound = bound;
  }

  debug(event: string, fields?: LogFields): void {
    this.#write('debug', event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#write('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#write('warn', event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#write('error', event, fields);
  }

  child(fields: LogFields): Log {
    const bound = { ...this.#bound, ...printable(fields, this.#redacted) };
    return new RedactingLog(this.#emit, this.#level, this.#redacted, bound);
  }

  #write(level: Level, event: string, fields: LogFields = {}): void {
    if (SEVERITY[level] < SEVERITY[this.#level]) return;
    this.#emit(level, event, { ...this.#bound, ...printable(fields, this.#redacted) });
  }
}

function jsonEmitter({ clock, write }: LogOptions): Emit {
  const destination: DestinationStream = { write };
  const logger = pino(
    {
      level: 'debug',
      base: null,
      timestamp: () => `,"time":${clock.wallClockMs()}`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'event',
    },
    destination,
  );
  return (level, event, fields) => logger[level](fields, event);
}

function textEmitter({ clock, write }: LogOptions): Emit {
  return (level, event, fields) => write(textLine(clock.wallClockMs(), level, event, fields));
}
