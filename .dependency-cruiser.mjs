/** Dependency-cruiser's settings: type imports count, and the rules are the table of layers. */
import { layerRules } from './scripts/check/layers.mjs';

export default {
  forbidden: layerRules(),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist|data|bench/results|soak/results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
