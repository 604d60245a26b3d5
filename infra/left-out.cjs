// Code of our dependencies that no function can reach, and what stands in for it in the bundles. Every stand-in
// throws when it is used after all, so that a new version which starts to need the real one fails loudly in a test.
// The figures are bytes of one minified bundle, measured with the pinned versions.
const { readFileSync } = require('node:fs');

const standIns = [
  {
    // 7.8 KB (with mnemonist and obliterator). DynamoDB's endpoint discovery is off unless asked for; the client
    // still constructs the cache.
    module: /^@aws-sdk\/endpoint-cache$/,
    importedBy: /@aws-sdk[\\/]middleware-endpoint-discovery/,
    contents: `export class EndpointCache {
      getEndpoint() { throw new Error('DynamoDB endpoint discovery is left out of the bundle'); }
    }`,
  },
  {
    // 20.3 KB. Imported on the first event stream; no operation of DynamoDB or Secrets Manager has one.
    module: /^@smithy\/core\/event-streams$/,
    importedBy: /@smithy[\\/]core/,
    contents: `function leftOut() { throw new Error('event streams are left out of the bundle'); }
    export { leftOut as EventStreamSerde, leftOut as eventStreamSerdeProvider };`,
  },
  {
    // 10.4 KB. RingCentral's discovery of regional entry points; constructed only with enableDiscovery.
    module: /^\.\/Discovery$/,
    importedBy: /@ringcentral[\\/]sdk/,
    contents: `export const events = {};
    export default function Discovery() { throw new Error('RingCentral discovery is left out of the bundle'); }`,
  },
];

/** esbuild plugin: the stand-ins above instead of the modules they replace. */
const leaveOut = {
  name: 'leave-out',
  setup(build) {
    for (const [index, { module, importedBy, contents }] of standIns.entries()) {
      build.onResolve({ filter: module }, ({ path, importer }) =>
        importedBy.test(importer) ? { path: `${index} ${path}`, namespace: 'left-out', sideEffects: false } : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${index} `), namespace: 'left-out' }, () => ({ contents, loader: 'js' }));
    }
  },
};

/** esbuild plugin: of a dependency's package.json only what code asks for, its name and version (6.2 KB). */
const shortManifests = {
  name: 'short-manifests',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

module.exports = { leaveOut, shortManifests };
