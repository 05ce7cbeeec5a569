/** How much V8 compiles in which process; docs/decisions/compiled-code-is-memory.md says why. */
import { setFlagsFromString } from 'node:v8';

/**
 * Simple machine code for everything at first use, optimised code for what runs some ten thousand
 * times, and nothing in between.
 */
export const SIGNALLING_CODE: readonly string[] = [
  '--always-sparkplug',
  '--no-maglev',
  '--invocation-count-for-turbofan=30000',
];

/** What runs for every packet is optimised within seconds: there is no need of a step before. */
export const MEDIA_CODE: readonly string[] = ['--no-maglev'];

/** To be called before the process has work: what is compiled by then stays as it is. */
export function compileBy(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
