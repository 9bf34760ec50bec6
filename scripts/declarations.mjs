// The declarations that the package ships: those that its entries reach, free of any package's types, so that users
// need neither our dependencies nor their @types. An entry for a test runner names the types of that runner.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { compile } from 'json-schema-to-typescript'

const INPUT = 'config/input.d.ts'

/** Entry, and whose types it may name. */
const ENTRIES = {
  'index.d.ts': [],
  'runners/jest.d.ts': [],
  'runners/node_test.d.ts': [],
  'runners/playwright.d.ts': ['@playwright/test'],
  'runners/vitest.d.ts': ['vitest'],
}

/** Vitest is nothing but ESM; the others are used by CommonJS too, where a declaration has to say that it is that. */
const ESM_ONLY = ['runners/vitest.d.ts']

const SPECIFIER = /(?<=\bfrom\s+|\bimport\s+|\bimport\()(['"])([^'"]+)\1/g
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n'

/** What else the sources call by a name of its own. */
const PARTS = { ClientInput: 'clients', UserInput: 'users', ResourceInput: 'resources' }

/** The input type is inferred from valibot schemas; users get the same type spelled out from the JSON Schema. */
async function inputType(schema) {
  const { title: _, ...untitled } = schema
  const parts = Object.entries(PARTS).map(
    ([name, key]) => `export type ${name} = NonNullable<ConfigInput['${key}']>[number]\n`,
  )
  const whole = await compile(untitled, 'ConfigInput', {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
  })
  return `${whole}${parts.join('')}`
}

function emit(root, outDir) {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = path.join(path.dirname(manifest), JSON.parse(fs.readFileSync(manifest, 'utf8')).bin.tsc)
  execFileSync(process.execPath, [tsc, '-p', path.join(root, 'src'), '--outDir', outDir], {
    stdio: 'inherit',
  })
}

/** Collects a declaration and what it imports; imports end in `.js`, which is what resolvers of every kind know. */
function collect(name, read, { found, allowed }) {
  if (found.has(name)) return
  const source = read(name)
  const imports = [...source.matchAll(SPECIFIER)].map((match) => match[2])
  const foreign = imports.find((specifier) => !specifier.startsWith('.') && !allowed.includes(specifier))
  if (foreign) throw new Error(`${name} is public and imports '${foreign}': public types must stand alone`)
  found.set(
    name,
    source.replace(SPECIFIER, (_, quote, to) => `${quote}${to.replace(/\.ts$/, '.js')}${quote}`),
  )
  for (const specifier of imports.filter((each) => each.startsWith('.'))) {
    const file = path.posix.join(path.posix.dirname(name), specifier.replace(/\.[jt]s$/, '.d.ts'))
    collect(file, read, { found, allowed: [] })
  }
}

/** The same for CommonJS. */
function commonJs([name, text]) {
  const own = text.replace(
    SPECIFIER,
    (_, quote, to) => `${quote}${to.replace(/^(\..*)\.js$/, '$1.cjs')}${quote}`,
  )
  return [name.replace(/\.d\.ts$/, '.d.cts'), own]
}

export async function declarations(root, schema) {
  const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'idp-double-types-'))
  try {
    emit(root, outDir)
    const input = await inputType(schema)
    const read = (name) => (name === INPUT ? input : fs.readFileSync(path.join(outDir, name), 'utf8'))
    const found = new Map()
    for (const [entry, allowed] of Object.entries(ENTRIES)) collect(entry, read, { found, allowed })
    const disposes = [...found.values()].some((text) => /Symbol\.(asyncD|d)ispose/.test(text))
    if (disposes) found.set('index.d.ts', DISPOSABLE + found.get('index.d.ts'))
    const shared = [...found].filter(([name]) => !ESM_ONLY.includes(name))
    return new Map([...found, ...shared.map(commonJs)])
  } finally {
    fs.rmSync(outDir, { recursive: true, force: true })
  }
}
