/** How to call npm under a chosen Node: npm is a script, and runs under whichever it is given. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal } from '../console/steps.mjs';

/** The command and first arguments; npm tells its own path to the scripts that it runs. */
export function npmCommand(node, environment = process.env) {
  const script = environment.npm_execpath ?? npmOnPath(environment.PATH ?? '');
  if (script === undefined) throw new Refusal('npm is not installed, or not on PATH.');
  return /\.c?js$/.test(script) ? { command: node, args: [script] } : { command: script, args: [] };
}

function npmOnPath(path) {
  const candidate = path
    .split(delimiter)
    .map((directory) => join(directory, 'npm'))
    .find((file) => existsSync(file));
  return candidate === undefined ? undefined : realpathSync(candidate);
}
