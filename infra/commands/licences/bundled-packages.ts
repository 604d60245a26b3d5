import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, asText } from '../../../lib/domain/untrusted.ts';

/** The part of esbuild's metafile that says which files, with how many bytes, went into which output. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs?: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** A package of which at least one byte is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As the package declares it; undefined when it declares none. */
  readonly licence: string | undefined;
}

/**
 * The packages that really are in the bundles, by name and version. What the lockfile lists is more: several packages
 * are installed only because another one wants them, and esbuild drops them. That is why no package does this: licence
 * checkers read what is installed, and esbuild-plugin-license judges nothing and has stood still since 2024.
 *
 * @param folder what the metafile's paths are relative to
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

/** The innermost package a file belongs to; undefined for the project's own files and the stand-ins of left-out ones. */
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
