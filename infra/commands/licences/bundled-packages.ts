import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, asText } from '../../../lib/domain/untrusted.ts';

/** The part of esbuild's metafile that lists the input files of each output, with their bytes. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs?: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** A package with at least one byte in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As declared by the package; undefined when it declares none. */
  readonly licence: string | undefined;
}

/**
 * Returns the packages that the bundles contain, by name and version. The lockfile lists more: some packages are
 * installed only as dependencies of others, and esbuild drops them. No existing package does this: licence checkers
 * read the installed packages. esbuild-plugin-license does not judge licences and has not changed since 2024.
 *
 * @param folder the folder that the metafile's paths are relative to
 * @throws if a package.json cannot be read
 */
export function bundledPackages({ outputs }: Metafile, folder: string): readonly BundledPackage[] {
  const folders = new Set(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs ?? {}))
      .flatMap(([path, { bytesInOutput }]) => (bytesInOutput === 0 ? [] : [packageFolder(path)]))
      .filter((path) => path !== undefined),
  );
  const packages = [...folders].map((path) => readPackage(join(folder, path)));
  return [...new Map(packages.map((each) => [`${each.name} ${each.version}`, each])).values()].sort((a, b) =>
    `${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1,
  );
}

/** Returns the innermost package of a file. Returns undefined for the project's own files and for stand-ins. */
function packageFolder(path: string): string | undefined {
  return /^(?!left-out:).*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function readPackage(folder: string): BundledPackage {
  const manifest = asObject(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const name = asText(manifest?.['name']);
  const version = asText(manifest?.['version']);
  if (name === undefined || version === undefined) throw new Error(`${folder}/package.json has no name or version`);
  return { name, version, licence: asText(manifest?.['license']) };
}
