/** Jest runs ESM TypeScript through SWC; projects split what needs no addon from what does. */
const root = import.meta.dirname;

/** SWC's settings for TypeScript, with JSX as Preact's where a file may hold it. */
function swc(tsx) {
  const transform = { react: { runtime: 'automatic', importSource: 'preact' } };
  const parser = { syntax: 'typescript', tsx };
  return ['@swc/jest', { jsc: { parser, transform, target: 'es2024' }, module: { type: 'es6' } }];
}

const project = {
  rootDir: root,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': swc(false), '^.+\\.tsx$': swc(true) },
  // What set-up and builds leave behind is nobody's source.
  modulePathIgnorePatterns: ['build', 'data', 'dist', '\\.runtime'].map(
    (path) => `${root}/${path}/`,
  ),
};

export default {
  // A loaded machine is no failure; whoever waits for ever is one.
  testTimeout: 20_000,
  watchman: false,
  projects: ['unit', 'sim', 'fuzz', 'native', 'interop'].map((name) => ({
    ...project,
    displayName: name,
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  })),
};
