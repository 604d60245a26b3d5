import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';

const place = /(?:[^\s()]*[\\/])?(?<name>[\w-]+)[\\/]index\.js:(?<line>\d+):(?<column>\d+)/g;

/**
 * Replaces each bundle position, such as `list/index.js:1:2345`, by its position in the sources. Keeps positions that
 * the function's source map does not contain.
 *
 * @param mapsDir dist/maps of the build that was deployed
 */
export function locate(text: string, mapsDir: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (name: string): SourceMap | undefined => {
    if (!maps.has(name)) maps.set(name, readMap(path.join(mapsDir, `${name}.js.map`)));
    return maps.get(name);
  };
  return text.replaceAll(place, (written: string, name: string, line: string, column: string) => {
    const entry = mapOf(name)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry) || entry.generatedLine !== Number(line) - 1) return written;
    // The source map's paths are relative to the bundle's folder.
    const source = path.posix.normalize(path.posix.join('dist', name, entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function readMap(file: string): SourceMap | undefined {
  if (!existsSync(file)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]);
}
