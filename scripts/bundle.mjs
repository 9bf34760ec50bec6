// One minified CommonJS bundle: CommonJS and few files are the quickest start (reference: `npm run bench`), and with
// everything bundled the package has no run-time dependency. Dynamic imports become chunks that load when first asked.
import path from 'node:path'
import { rolldown } from 'rolldown'
import { packageOf } from './notices.mjs'

/**
 * What Koa's dependencies load and we never use; together a quarter of the start. mime-db: 200 kB to guess a charset or
 * a file extension, but we always name the whole type. depd: deprecation warnings; it takes stack traces at start and
 * calls eval. debug: traces of routing; it reads the environment and loads whatever supports-color it finds.
 * http-errors and http-assert: a class for each status; our errors are OAuthError. destroy: loads zlib for streams as
 * bodies, ours are text. accepts, content-disposition, cookies, type-is: what a website asks a request.
 */
const STUBS = {
  'mime-db': 'module.exports = {}',
  depd: 'module.exports = () => Object.assign(() => {}, { function: fn => fn, property: () => {} })',
  debug: 'module.exports = () => Object.assign(() => {}, { enabled: false })',
  'http-errors': 'module.exports = Object.assign(() => new Error(), { HttpError: class extends Error {} })',
  'http-assert': 'module.exports = {}',
  destroy: 'module.exports = stream => stream.destroy()',
  accepts: 'module.exports = {}',
  'content-disposition': 'module.exports = {}',
  cookies: 'module.exports = {}',
  'type-is': 'module.exports = {}',
}

const stubs = {
  name: 'stubs',
  resolveId: (id) => (Object.hasOwn(STUBS, id) ? `\0stub:${id}` : undefined),
  load: (id) => (id.startsWith('\0stub:') ? STUBS[id.slice('\0stub:'.length)] : undefined),
}

/** Named exports for ESM users, who share the one CommonJS copy; with nothing to parse, it costs them no time. */
function wrapper(names) {
  return `import main from './main.cjs'\n\nexport const { ${names.join(', ')} } = main\n`
}

/** A chunk that is a package is called after it, not after the file that happens to be the package's entry. */
function chunkName(chunk) {
  return chunk.facadeModuleId ? (packageOf(chunk.facadeModuleId)?.match(/[^/]+$/)[0] ?? '[name]') : '[name]'
}

function problem(log) {
  return new Error(`the bundle has a problem:\n${log.message}`)
}

export async function bundle(root) {
  const src = path.join(root, 'src')
  const build = await rolldown({
    input: { cli: path.join(src, 'cli.ts'), main: path.join(src, 'index.ts') },
    platform: 'node',
    tsconfig: path.join(root, 'tsconfig.json'),
    transform: { target: 'node20.19' },
    plugins: [stubs],
    onLog(level, log) {
      if (level === 'warn') throw problem(log)
    },
  })
  const { output } = await build.generate({
    format: 'cjs',
    exports: 'named',
    minify: true,
    comments: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: (chunk) => `chunks/${chunkName(chunk)}.cjs`,
    postBanner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
  })
  await build.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  const main = chunks.find((chunk) => chunk.isEntry && chunk.name === 'main')
  return {
    files: [...chunks.map((chunk) => [chunk.fileName, chunk.code]), ['index.js', wrapper(main.exports)]],
    moduleIds: chunks.flatMap((chunk) => chunk.moduleIds),
  }
}
