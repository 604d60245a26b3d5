// Names the places in the sources that a logged stack means: the deployed bundles are minified, their maps stay in
// dist/maps. Any text that has `<function>/index.js:line:column` in it will do, such as a line of the log.
const { existsSync, readFileSync } = require('node:fs');
const { SourceMap } = require('node:module');
const path = require('node:path');

const place = /(?:[^\s()]*[\\/])?(?<name>[\w-]+)[\\/]index\.js:(?<line>\d+):(?<column>\d+)/g;

/**
 * @param {string} text
 * @param {string} mapsDir dist/maps of the build that was deployed
 * @returns {string} the text with each place replaced that its function's map knows
 */
function locate(text, mapsDir) {
  const maps = new Map();
  const mapOf = (name) => {
    const file = path.join(mapsDir, `${name}.js.map`);
    if (!maps.has(name)) {
      maps.set(name, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
    }
    return maps.get(name);
  };
  return text.replaceAll(place, (written, name, line, column) => {
    const entry = mapOf(name)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry?.originalSource === undefined || entry.generatedLine !== Number(line) - 1) return written;
    // The map names files as seen from the bundle's own folder.
    const source = path.posix.normalize(path.posix.join('dist', name, entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function main(args) {
  if (args.includes('--help') || process.stdin.isTTY) {
    console.log(
      'Usage: npm run --silent where < text\n\n' +
        'Reads a logged stack, or any text with places such as list/index.js:1:2345, and prints it with the places in\n' +
        'the sources. The maps in dist/maps must be those of the version that is deployed: check it out and bundle it.',
    );
    return;
  }
  process.stdout.write(locate(readFileSync(0, 'utf8'), path.join(__dirname, '../dist/maps')));
}

module.exports = { locate };

if (require.main === module) main(process.argv.slice(2));
