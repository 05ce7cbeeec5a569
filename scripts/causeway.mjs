#!/usr/bin/env node
/** The `causeway` command: runs the command line under the runtime's Node, set up or not. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from './console/steps.mjs';
import { ensureRuntime } from './setup/runtime.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

main(async () => {
  const { node } = await ensureRuntime(root);
  const args = [join(root, 'gateway/cli.ts'), ...process.argv.slice(2)];
  return spawnSync(node, args, { stdio: 'inherit' }).status ?? 1;
});
