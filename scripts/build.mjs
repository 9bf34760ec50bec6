// Builds dist/: the bundle, the licence notices, the JSON Schema and, unless --no-types is given, the declarations.
// Plain JavaScript, because Node 20 runs no TypeScript and `npm start` shall need no step before it.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bundle } from './bundle.mjs'
import { declarations } from './declarations.mjs'
import { notices } from './notices.mjs'

const root = path.dirname(import.meta.dirname)
const cache = path.join(root, '.cache')
const draft = path.join(cache, `draft-${process.pid}`)

/**
 * Replaces what differs and deletes what is left over. A second build of the same sources touches nothing, so a CLI
 * that runs from dist/ meanwhile still finds its chunks.
 */
function replace(dir, files, keep) {
  for (const [name, text] of files) {
    const file = path.join(dir, name)
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(draft, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
    fs.renameSync(draft, file)
  }
  for (const entry of fs.readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(dir, file).replaceAll('\\', '/')
    if (entry.isFile() && !files.has(name) && !keep(name)) fs.rmSync(file, { force: true })
  }
}

const asksTypes = !process.argv.includes('--no-types')
const dist = path.join(root, 'dist')
const started = performance.now()
fs.mkdirSync(cache, { recursive: true })

const built = await bundle(root)
const files = new Map(built.files)
files.set('THIRD_PARTY_NOTICES.txt', notices(built.moduleIds))
// What the command prints is what the package ships, and the first proof that the bundle runs.
replace(dist, files, (name) => name.startsWith('types/') || name === 'schema.json')
const printed = execFileSync(process.execPath, [path.join(dist, 'cli.cjs'), 'schema'], { encoding: 'utf8' })
const schema = JSON.parse(printed)
files.set('schema.json', `${JSON.stringify(schema, null, 2)}\n`)
const bundled = performance.now()

if (asksTypes) {
  for (const [name, text] of await declarations(root, schema)) files.set(`types/${name}`, text)
}
replace(dist, files, (name) => !asksTypes && name.startsWith('types/'))

const size = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
const ms = (from) => `${Math.round(performance.now() - from)} ms`
console.log(
  `dist: ${files.size} files, ${Math.round(size / 1024)} kB in ${ms(started)}${asksTypes ? ` (types ${ms(bundled)})` : ''}`,
)
