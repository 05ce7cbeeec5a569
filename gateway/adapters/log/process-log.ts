/** The log of this process, written to standard output. */
import type { Log, PersonalKind } from '../../core/log.ts';
import type { Clock } from '../../core/time.ts';
import { createLog } from './pino-log.ts';
import type { Level } from './text-line.ts';

export interface ProcessLogOptions {
  readonly level: Level;
  /** `auto`: text on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'text';
  readonly redact: readonly PersonalKind[];
}

/** `name` says in every line which process it comes from. */
export function processLog(name: string, options: ProcessLogOptions, clock: Clock): Log {
  const automatic = process.stdout.isTTY ? 'text' : 'json';
  const format = options.format === 'auto' ? automatic : options.format;
  const write = (line: string): void => {
    process.stdout.write(line);
  };
  return createLog({ ...options, format, clock, write }).child({ process: name });
}
