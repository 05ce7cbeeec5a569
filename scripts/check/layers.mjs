/** The layers of the code, top to bottom: an import points down or stays inside its folder. */

/**
 * Each row is a layer; its folders may import every row below and never each other. Everything
 * else in the repository (tests, bench, scripts) may import anything and is imported by nobody.
 */
export const LAYERS = [
  {
    name: 'roots',
    folders: ['^gateway/(main|signalling-process|media-process|store-process|cli)([.]ts$|/)'],
  },
  { name: 'adapters', folders: ['^gateway/adapters/'] },
  { name: 'faces', folders: ['^gateway/janus/', '^gateway/admin/'] },
  { name: 'applications', folders: ['^gateway/apps/'] },
  { name: 'operations', folders: ['^gateway/ops/'] },
  { name: 'calls', folders: ['^gateway/call/'] },
  { name: 'routing', folders: ['^gateway/routing/'] },
  { name: 'accounts', folders: ['^gateway/trunk/', '^gateway/account/'] },
  { name: 'packets', folders: ['^gateway/media/'] },
  { name: 'contracts', folders: ['^gateway/media-contract/', '^gateway/store/'] },
  { name: 'protocols', folders: ['^gateway/sip/', '^gateway/offer-answer/'] },
  { name: 'bytes', folders: ['^gateway/wire/', '^gateway/formats/'] },
  { name: 'leaves', folders: ['^transcoder/', '^config/'] },
  { name: 'native', folders: ['^gateway/native/'] },
  { name: 'core', folders: ['^gateway/core/'] },
];

/** Node's modules that compute and touch nothing outside; every layer may use them. */
const PURE_MODULES = '^(node:)?(crypto|buffer|util|path|assert|zlib)$';

/** The layers as rules of dependency-cruiser. */
export function layerRules() {
  return [...upwardRules(), ...siblingRules(), ...seamRules()];
}

function upwardRules() {
  return LAYERS.flatMap((layer, index) => {
    const above = LAYERS.slice(0, index).flatMap(({ folders }) => folders);
    if (above.length === 0) return [];
    return [rule(`${layer.name}-import-down`, layer.folders, above)];
  });
}

function siblingRules() {
  return LAYERS.flatMap(({ name, folders }) =>
    folders.length < 2
      ? []
      : folders.map((folder, index) =>
          rule(
            `${name}-${index}-stays-inside`,
            [folder],
            folders.filter((other) => other !== folder),
          ),
        ),
  );
}

/** What the rows can't say: who alone may reach across a seam. */
function seamRules() {
  const product = ['^gateway/', '^transcoder/', '^config/', '^admin-ui/'];
  const roots = '^gateway/(main|signalling-process|media-process|store-process|cli)([.]|/)';
  const touching = `^gateway/adapters/|${roots}`;
  return [
    {
      ...rule('packets-only-through-the-contract', ['^gateway/'], ['^gateway/media/']),
      from: { path: '^gateway/', pathNot: `${touching}|^gateway/media/` },
    },
    {
      ...rule('native-only-from-media-and-adapters', product, ['^gateway/native/']),
      from: { path: product, pathNot: `${touching}|^gateway/(media|native)/` },
    },
    {
      ...rule('configuration-only-from-roots', product, ['^config/']),
      from: { path: product, pathNot: `${roots}|^config/` },
    },
    {
      ...rule(
        'console-shares-one-contract',
        ['^admin-ui/'],
        ['^gateway/', '^config/', '^transcoder/'],
      ),
      to: { path: '^(gateway|config|transcoder)/', pathNot: '^gateway/admin/contract[.]ts$' },
    },
    rule('nobody-imports-the-console', ['^gateway/', '^transcoder/', '^config/'], ['^admin-ui/']),
    rule('product-imports-no-tests', product, ['^test/', '^bench/', '^soak/', '^scripts/']),
    {
      name: 'only-adapters-touch-the-machine',
      severity: 'error',
      from: { path: ['^gateway/', '^transcoder/', '^config/'], pathNot: `${touching}|/native/` },
      to: { dependencyTypes: ['core'], pathNot: PURE_MODULES },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything-resolves',
      severity: 'error',
      // What a test's own page loads is resolved by its server.
      from: { pathNot: '^test/interop/support/fixture/' },
      to: { couldNotResolve: true },
    },
  ];
}

function rule(name, from, to) {
  return { name, severity: 'error', from: { path: from }, to: { path: to } };
}
