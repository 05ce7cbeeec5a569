/** `causeway check`: loads a configuration, tells its mistakes or warnings, and changes nothing. */
import type { Configuration } from '../../config/configuration.ts';
import { loadConfiguration } from '../../config/load.ts';
import { warnings } from '../../config/rules.ts';
import { readTextFile } from '../adapters/files/read-text-file.ts';
import type { Result } from '../core/result.ts';

/** Gives the exit code. */
export function checkConfiguration(file: string | undefined): 0 | 1 {
  const loaded = configurationOf(file);
  if (!loaded.ok) {
    process.stderr.write(`${loaded.fault.detail}\n`);
    return 1;
  }
  for (const warning of warnings(loaded.value)) process.stdout.write(`warning: ${warning}\n`);
  process.stdout.write('The configuration is good.\n');
  return 0;
}

export function configurationOf(file?: string): Result<Configuration> {
  const named = file === undefined ? {} : { CAUSEWAY_CONFIG: file };
  return loadConfiguration({ ...process.env, ...named }, readTextFile);
}
