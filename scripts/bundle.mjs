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

/** What has an entry of its own in the package, beside the command: name of the file in dist/, and source. */
const ENTRIES = {
  main: 'index.ts',
  jest: 'runners/jest.ts',
  node_test: 'runners/node_test.ts',
  playwright: 'runners/playwright.ts',
  runners: '\0runners',
}

/** Packages of whoever uses the package: they have them, or do not need what needs them. */
const EXTERNAL = ['vitest', '@jest/globals', '@playwright/test']

/** What the entry for Vitest, which is nothing but ESM, shares with the others. */
const SHARED = ['findings', 'provider']

function shared(src) {
  const from = (name) => JSON.stringify(path.join(src, `runners/${name}.ts`))
  return {
    name: 'shared',
    resolveId: (id) => (id === ENTRIES.runners ? id : undefined),
    load: (id) =>
      id === ENTRIES.runners ? SHARED.map((name) => `export * from ${from(name)}`).join('\n') : undefined,
  }
}

/** Named exports for ESM users, who share the one CommonJS copy; with nothing to parse, it costs them no time. */
function wrapper(file, names) {
  return `import main from './${file}'\n\nexport const { ${names.join(', ')} } = main\n`
}

const index = (name) => (name === 'main' ? 'index' : name)

/** A chunk that is a package is called after it, not after the file that happens to be the package's entry. */
function chunkName(chunk) {
  return chunk.facadeModuleId ? (packageOf(chunk.facadeModuleId)?.match(/[^/]+$/)[0] ?? '[name]') : '[name]'
}

function problem(log) {
  return new Error(`the bundle has a problem:\n${log.message}`)
}

function options(root) {
  return {
    platform: 'node',
    tsconfig: path.join(root, 'tsconfig.json'),
    transform: { target: 'node20.19' },
    external: EXTERNAL,
    onLog(level, log) {
      if (level === 'warn') throw problem(log)
    },
  }
}

/** The entry for Vitest: what it shares with the others stands where they have it. */
async function vitest(root) {
  const src = path.join(root, 'src')
  const homes = new Map(SHARED.map((name) => [path.join(src, `runners/${name}.ts`), './runners.js']))
  const elsewhere = {
    name: 'elsewhere',
    resolveId(id, importer) {
      const home = importer && homes.get(path.resolve(path.dirname(importer), id))
      return home === undefined ? undefined : { id: home, external: true }
    },
  }
  const input = { vitest: path.join(src, 'runners/vitest.ts') }
  const build = await rolldown({ ...options(root), input, plugins: [elsewhere] })
  // Vitest reads the patterns of the fixtures, so they stay as they are written.
  const { output } = await build.generate({ format: 'esm', entryFileNames: '[name].js', comments: false })
  await build.close()
  return output.map((chunk) => [chunk.fileName, chunk.code])
}

export async function bundle(root) {
  const src = path.join(root, 'src')
  const sources = Object.entries(ENTRIES).map(([name, source]) => [
    name,
    source.startsWith('\0') ? source : path.join(src, source),
  ])
  const build = await rolldown({
    ...options(root),
    input: { cli: path.join(src, 'cli.ts'), ...Object.fromEntries(sources) },
    plugins: [stubs, shared(src)],
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
  const entries = chunks.filter((chunk) => chunk.isEntry && Object.hasOwn(ENTRIES, chunk.name))
  const wrappers = entries.map(({ name, fileName, exports }) => [
    `${index(name)}.js`,
    wrapper(fileName, exports),
  ])
  return {
    files: [...chunks.map((chunk) => [chunk.fileName, chunk.code]), ...wrappers, ...(await vitest(root))],
    moduleIds: chunks.flatMap((chunk) => chunk.moduleIds),
  }
}
