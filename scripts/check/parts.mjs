/** What is checked without running the product: format and lint, types, layers, dead code. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../console/run.mjs';

/** Folders of the repository that hold code; those not there yet are passed over. */
const CODE = ['gateway', 'transcoder', 'config', 'admin-ui', 'bench', 'soak', 'test'];

/**
 * The parts, each with a `run` that resolves to `{ code, output }`. With `onlyVersion` the tools
 * tell
 * their version and check nothing.
 */
export function staticParts({ root, node, onlyVersion = false }) {
  const tool = (path, args) => () =>
    run(node, [join(root, 'node_modules', path), ...(onlyVersion ? ['--version'] : args)], {
      cwd: root,
      env: { NO_COLOR: '1', FORCE_COLOR: '0' },
    });
  return [
    {
      name: 'format and lint',
      run: tool('@biomejs/biome/bin/biome', ['ci', '--colors=off', '--max-diagnostics=40', '.']),
    },
    {
      name: 'types',
      run: tool('typescript-native/bin/tsc', ['--project', '.', '--pretty', 'false']),
    },
    {
      name: 'layers and cycles',
      run: tool('dependency-cruiser/bin/dependency-cruiser.mjs', [
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err',
        ...CODE.filter((folder) => existsSync(join(root, folder))),
      ]),
    },
    { name: 'dead code', run: tool('knip/bin/knip.js', ['--no-progress']) },
  ];
}
