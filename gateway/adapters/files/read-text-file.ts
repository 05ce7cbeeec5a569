/** Reads small text files: configurations, secrets, certificates. */
import { readFileSync, statSync } from 'node:fs';
import { fail, type Result, succeed } from '../../core/result.ts';

const MAX_BYTES = 4 * 1_024 * 1_024;

export function readTextFile(path: string): Result<string> {
  try {
    if (statSync(path).size > MAX_BYTES) return fail('file.too-large', `over ${MAX_BYTES} bytes`);
    return succeed(readFileSync(path, 'utf8'));
  } catch (error) {
    return fail('file.unreadable', (error as Error).message);
  }
}
