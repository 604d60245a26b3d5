// Turns TypeScript and ES modules into the CommonJS that jest runs. It does not hoist jest.mock();
// tests here pass fakes in instead of replacing modules.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync, version } = require('esbuild');

const ownSource = readFileSync(__filename, 'utf8');

module.exports = {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'js',
      format: 'cjs',
      // jest does not run import().
      supported: { 'dynamic-import': false },
      target: 'node24',
      sourcemap: true,
      sourcefile: path,
      // Gives a transformed CommonJS module its own URL, as an ES module has.
      define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
      banner: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    });
    return { code, map };
  },
  getCacheKey(source, path) {
    return createHash('sha256').update(`${version}\0${ownSource}\0${path}\0${source}`).digest('hex');
  },
};
