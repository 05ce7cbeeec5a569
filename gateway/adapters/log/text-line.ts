/** A log line for people at a terminal: time, level, event, then the facts. */
import type { Printable } from './redaction.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

const COLOURS: { readonly [level in Level]: string } = {
  debug: '\x1b[2m',
  info: '',
  warn: '\x1b[33m',
  error: '\x1b[31m',
};
const RESET = '\x1b[0m';
const EVENT_WIDTH = 28;
/** Control characters, so that a peer's header can't move the cursor of whoever reads the log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are its subject
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** One line, newline included. `time` is in milliseconds since 1970. */
export function textLine(
  time: number,
  level: Level,
  event: string,
  fields: { readonly [key: string]: Printable },
): string {
  const clock = new Date(time).toISOString().slice(11, 23);
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${word(value)}`);
  const line = `${clock} ${level.padEnd(5)} ${event.padEnd(EVENT_WIDTH)} ${facts.join(' ')}`;
  return `${COLOURS[level]}${line.trimEnd()}${COLOURS[level] === '' ? '' : RESET}\n`;
}

function word(value: Printable): string {
  const text = String(value).replace(CONTROL, '·');
  return /[\s"=]/.test(text) || text === '' ? JSON.stringify(text) : text;
}
