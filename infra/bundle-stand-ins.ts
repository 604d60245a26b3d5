import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/*
 * Code of our dependencies that no function can reach, and what stands in for it in the bundles. Every stand-in
 * throws when it is used after all, so that a new version which starts to need the real one fails loudly in a test.
 * The figures are bytes of one minified bundle, measured with the pinned versions. What would save
 * about 1 % of a bundle, and no time, has no stand-in.
 */

/** A module that is left out where certain modules import it. */
interface StandIn {
  readonly module: RegExp;
  readonly importedBy: RegExp;
  readonly contents: string;
}

const standIns: readonly StandIn[] = [
  {
    // 141 KB. Lambda always hands a function its role's credentials in the environment (AWS documentation: "Defined
    // runtime environment variables"), so the SDK's search through profiles, SSO, web identity and instance metadata
    // can never be reached.
    module: /^@aws-sdk\/credential-provider-node$/,
    importedBy: /@aws-sdk/,
    contents: `import { fromEnv } from '@aws-sdk/credential-provider-env';
    export const defaultProvider = () => fromEnv();`,
  },
  {
    // 7.6 KB (with mnemonist and obliterator). DynamoDB's endpoint discovery is off unless asked for; the client
    // still constructs the cache.
    module: /^@aws-sdk\/endpoint-cache$/,
    importedBy: /@aws-sdk[\\/]middleware-endpoint-discovery/,
    contents: `export class EndpointCache {
      getEndpoint() { throw new Error('DynamoDB endpoint discovery is left out of the bundle'); }
    }`,
  },
  {
    // 19.2 KB. Imported on the first event stream; no operation of DynamoDB or Secrets Manager has one.
    module: /^@smithy\/core\/event-streams$/,
    importedBy: /@smithy[\\/]core/,
    contents: `function leftOut() { throw new Error('event streams are left out of the bundle'); }
    export { leftOut as EventStreamSerde, leftOut as eventStreamSerdeProvider };`,
  },
  {
    // 5.1 KB. RingCentral's discovery of regional entry points; constructed only with enableDiscovery.
    module: /^\.\/Discovery$/,
    importedBy: /@ringcentral[\\/]sdk/,
    contents: `export const events = {};
    export default function Discovery() { throw new Error('RingCentral discovery is left out of the bundle'); }`,
  },
  {
    // 2.5 KB, and the file system's promises, which take 2 ms to load. A Lambda has no shared AWS configuration files;
    // looking for them would hold up the first request. What is thrown here means "look elsewhere" to the SDK.
    module: /\/fromSharedConfigFiles$/,
    importedBy: /@smithy[\\/]core/,
    contents: `const noFiles = async () => {
      throw Object.assign(new Error('no shared AWS configuration files in a Lambda'), { tryNextLink: true });
    };
    export const fromSharedConfigFiles = () => noFiles;`,
  },
];

/** esbuild plugin: the stand-ins above instead of the modules they replace. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const [index, { module, importedBy, contents }] of standIns.entries()) {
      build.onResolve({ filter: module }, ({ path, importer, resolveDir }) =>
        importedBy.test(importer)
          ? { path: `${index} ${path}`, namespace: 'left-out', sideEffects: false, pluginData: resolveDir }
          : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${index} `), namespace: 'left-out' }, ({ pluginData }) => ({
        contents,
        loader: 'js',
        // Where the stand-in's own imports are looked for: where the module that it replaces would have been.
        resolveDir: String(pluginData),
      }));
    }
  },
};

/**
 * esbuild plugin: of RingCentral's SDK the inner module. The package's main module wires in node-fetch and dom-storage (310
 * KB with whatwg-url and tr46); our own transport and token storage are always passed to the SDK. It is taken from
 * the sources in the package, because what is built from them imitates classes and async functions for old browsers
 * (19 KB).
 */
const innerSdk: Plugin = {
  name: 'inner-sdk',
  setup(build) {
    build.onResolve({ filter: /^@ringcentral\/sdk$/ }, ({ importer, resolveDir, kind }) =>
      build.resolve('@ringcentral/sdk/src/SDK.ts', { importer, resolveDir, kind }),
    );
  },
};

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** esbuild plugin: of a dependency's package.json only what code asks for, its name and version (6.2 KB). */
const shortManifests: Plugin = {
  name: 'short-manifests',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** esbuild plugin: the phone library as it is written, without what old browsers need (17 KB). */
const modernPhoneLibrary: Plugin = {
  name: 'modern-phone-library',
  setup(build) {
    build.onResolve({ filter: /^\.\.[\\/](?:.*[\\/])?es6[\\/]/ }, ({ path, importer, resolveDir, kind }) =>
      /libphonenumber-js[\\/]/.test(importer)
        ? build.resolve(path.replace(/(?<=[\\/])es6(?=[\\/])/, 'es6-modern'), { importer, resolveDir, kind })
        : undefined,
    );
  },
};

/** Error classes of the AWS clients that our code asks for by `instanceof`. */
const caughtErrors = new Set(['ConditionalCheckFailedException']);

/**
 * esbuild plugin: of the error classes of the AWS clients only those that are caught by class (18 KB). Every other
 * error arrives as the service's base class, with its own name, which is what the SDK's retries go by.
 */
const onlyCaughtErrors: Plugin = {
  name: 'only-caught-errors',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      // Registering keeps a class in the bundle; what is not registered and not imported goes away by itself.
      const contents = source.replaceAll(
        /^n0_registry\.registerError\((\w+)\$, \1\);$/gm,
        (line: string, name: string) => (caughtErrors.has(name) ? line : ''),
      );
      if (contents === source) throw new Error(`${path} registers its errors in another way now`);
      return { contents, loader: 'js' };
    });
  },
};

/**
 * esbuild plugin: phone metadata without the patterns for writing numbers with punctuation (50 KB of 82). They decide
 * nothing about reading a number, and numbers are only ever written as digits; of those at most a trunk 0 comes from
 * the patterns.
 */
const digitsOnlyPhoneMetadata: Plugin = {
  name: 'digits-only-phone-metadata',
  setup(build) {
    build.onLoad({ filter: /libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, ({ path }) => {
      const metadata = withoutFormats(JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8')) as PhoneMetadata);
      return { contents: `export default ${JSON.stringify(metadata)};`, loader: 'js' };
    });
  },
};

/** Where version 4 of the metadata keeps a country's formats; 0 is how it writes "none". */
const formatsAt = 4;

/** Countries by code: each a tuple of what is known about its numbers. */
type Countries = Readonly<Record<string, readonly unknown[]>>;

interface PhoneMetadata {
  readonly version: number;
  readonly countries: Countries;
  readonly nonGeographic: Countries;
}

/** A copy of libphonenumber-js metadata (version 4) in which no country has formats. */
export function withoutFormats(metadata: PhoneMetadata): PhoneMetadata {
  if (metadata.version !== 4)
    throw new Error(`libphonenumber-js metadata of version ${metadata.version}: look where its formats are`);
  const strip = (countries: Countries): Countries =>
    Object.fromEntries(Object.entries(countries).map(([code, data]) => [code, data.toSpliced(formatsAt, 1, 0)]));
  return { ...metadata, countries: strip(metadata.countries), nonGeographic: strip(metadata.nonGeographic) };
}

/** All of the above, in the order they are to be asked. */
export const plugins: readonly Plugin[] = [
  leaveOut,
  innerSdk,
  onlyCaughtErrors,
  shortManifests,
  modernPhoneLibrary,
  digitsOnlyPhoneMetadata,
];
