import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/*
 * Stand-ins for dependency code that no function can reach.
 *
 * Every stand-in throws when it is used, so a new version that needs the real code fails in a test. The figures are
 * bytes saved in one minified bundle, measured with the pinned versions. Code has no stand-in if removing it saves only
 * about 1 % of a bundle and no time.
 */

/** A module that is replaced where certain modules import it. */
interface StandIn {
  readonly module: RegExp;
  readonly importedBy: RegExp;
  readonly contents: string;
}

const standIns: readonly StandIn[] = [
  {
    // 141 KB. Lambda always passes the role's credentials in the environment (AWS documentation: "Defined runtime
    // environment variables"). So the SDK never searches profiles, SSO, web identity or instance metadata.
    module: /^@aws-sdk\/credential-provider-node$/,
    importedBy: /@aws-sdk/,
    contents: `import { fromEnv } from '@aws-sdk/credential-provider-env';
    export const defaultProvider = () => fromEnv();`,
  },
  {
    // 7.6 KB (with mnemonist and obliterator). DynamoDB's endpoint discovery is off by default, but the client still
    // constructs the cache.
    module: /^@aws-sdk\/endpoint-cache$/,
    importedBy: /@aws-sdk[\\/]middleware-endpoint-discovery/,
    contents: `export class EndpointCache {
      getEndpoint() { throw new Error('DynamoDB endpoint discovery is left out of the bundle'); }
    }`,
  },
  {
    // 19.2 KB. The SDK imports it on the first event stream; no operation of DynamoDB or Secrets Manager has one.
    module: /^@smithy\/core\/event-streams$/,
    importedBy: /@smithy[\\/]core/,
    contents: `function leftOut() { throw new Error('event streams are left out of the bundle'); }
    export { leftOut as EventStreamSerde, leftOut as eventStreamSerdeProvider };`,
  },
  {
    // 5.1 KB. RingCentral's discovery of regional entry points; the SDK constructs it only with enableDiscovery.
    module: /^\.\/Discovery$/,
    importedBy: /@ringcentral[\\/]sdk/,
    contents: `export const events = {};
    export default function Discovery() { throw new Error('RingCentral discovery is left out of the bundle'); }`,
  },
  {
    // 2.5 KB, and the promises API of the file system, which takes 2 ms to load. A Lambda has no shared AWS
    // configuration files; looking for them would delay the first request. On this error the SDK tries the next source.
    module: /\/fromSharedConfigFiles$/,
    importedBy: /@smithy[\\/]core/,
    contents: `const noFiles = async () => {
      throw Object.assign(new Error('no shared AWS configuration files in a Lambda'), { tryNextLink: true });
    };
    export const fromSharedConfigFiles = () => noFiles;`,
  },
];

/** esbuild plugin: replaces modules with the stand-ins above. */
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
        // The stand-in's own imports resolve from the folder of the module that it replaces.
        resolveDir: String(pluginData),
      }));
    }
  },
};

/**
 * esbuild plugin: replaces RingCentral's SDK with its inner module. The main module imports node-fetch and dom-storage
 * (310 KB with whatwg-url and tr46), but we always pass our own transport and token storage. Uses the sources in the
 * package, because the built files emulate classes and async functions for old browsers (19 KB).
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

/** esbuild plugin: reduces a dependency's package.json to the fields that code reads, name and version (6.2 KB). */
const shortManifests: Plugin = {
  name: 'short-manifests',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** esbuild plugin: bundles the phone library from its sources, without the code for old browsers (17 KB). */
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

/** Error classes of the AWS clients that our code checks with `instanceof`. */
const caughtErrors = new Set(['ConditionalCheckFailedException']);

/**
 * esbuild plugin: keeps only those error classes of the AWS clients that are caught by class (18 KB). Every other error
 * is an instance of the service's base class with its own name. The SDK's retries use the name.
 */
const onlyCaughtErrors: Plugin = {
  name: 'only-caught-errors',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      // Registration keeps a class in the bundle. esbuild drops classes that are neither registered nor imported.
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
 * esbuild plugin: removes the formatting patterns from the phone metadata (50 KB of 82). Parsing does not use them.
 * Numbers are formatted only as digits, where the patterns add at most a trunk 0.
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

/** Index of a country's formats in version 4 of the metadata; 0 there means "none". */
const formatsAt = 4;

/** Metadata by country code, one tuple for each country. */
type Countries = Readonly<Record<string, readonly unknown[]>>;

interface PhoneMetadata {
  readonly version: number;
  readonly countries: Countries;
  readonly nonGeographic: Countries;
}

/** Returns a copy of libphonenumber-js metadata (version 4) without formats. */
export function withoutFormats(metadata: PhoneMetadata): PhoneMetadata {
  if (metadata.version !== 4)
    throw new Error(`libphonenumber-js metadata of version ${metadata.version}: look where its formats are`);
  const strip = (countries: Countries): Countries =>
    Object.fromEntries(Object.entries(countries).map(([code, data]) => [code, data.toSpliced(formatsAt, 1, 0)]));
  return { ...metadata, countries: strip(metadata.countries), nonGeographic: strip(metadata.nonGeographic) };
}

/** All plugins above, in the order in which esbuild must run them. */
export const plugins: readonly Plugin[] = [
  leaveOut,
  innerSdk,
  onlyCaughtErrors,
  shortManifests,
  modernPhoneLibrary,
  digitsOnlyPhoneMetadata,
];
