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
  {
    // 3.4 KB. SHA-256 for a Node without crypto.
    module: /^\.\/Sha256Js$/,
    importedBy: /Sha256Node/,
    contents: `export function Sha256Js() { throw new Error('SHA-256 in JavaScript is left out of the bundle'); }`,
  },
  {
    // 2.7 KB. Only for the retry mode `adaptive`.
    module: /^\.\/DefaultRateLimiter$/,
    importedBy: /AdaptiveRetryStrategy/,
    contents: `export function DefaultRateLimiter() { throw new Error('adaptive retries are left out of the bundle'); }`,
  },
  {
    // 1.4 KB. Asks an EC2 instance for its region; Lambda has AWS_REGION in the environment.
    module: /\/getInstanceMetadataRegion$/,
    importedBy: /@smithy[\\/]core/,
    contents: `export async function getInstanceMetadataRegion() {
      throw new Error('AWS_REGION is not set, and asking the instance for it is left out of the bundle');
    }`,
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

/**
 * esbuild plugin: phone metadata without the patterns for writing numbers with punctuation (50 KB of 82). They decide
 * nothing about reading a number, and numbers are only ever written as digits; of those at most a trunk 0 comes from
 * the patterns.
 */
const digitsOnlyPhoneMetadata = {
  name: 'digits-only-phone-metadata',
  setup(build) {
    build.onLoad({ filter: /libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, ({ path }) => {
      const metadata = withoutFormats(JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8')));
      return { contents: `export default ${JSON.stringify(metadata)};`, loader: 'js' };
    });
  },
};

/** Where version 4 of the metadata keeps a country's formats; 0 is how it writes "none". */
const FORMATS = 4;

/** A copy of libphonenumber-js metadata (version 4) in which no country has formats. */
function withoutFormats(metadata) {
  if (metadata.version !== 4)
    throw new Error(`libphonenumber-js metadata of version ${metadata.version}: look where its formats are`);
  const strip = (countries) =>
    Object.fromEntries(Object.entries(countries).map(([code, data]) => [code, data.toSpliced(FORMATS, 1, 0)]));
  return { ...metadata, countries: strip(metadata.countries), nonGeographic: strip(metadata.nonGeographic) };
}

module.exports = { leaveOut, shortManifests, digitsOnlyPhoneMetadata, withoutFormats };
