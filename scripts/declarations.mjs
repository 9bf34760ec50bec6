// The declarations that the package ships: those that index.d.ts reaches, free of any package's types, so that users
// need neither our dependencies nor their @types.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { compile } from 'json-schema-to-typescript'

const INPUT = 'config/input.d.ts'
const SPECIFIER = /(?<=\bfrom\s+|\bimport\s+|\bimport\()(['"])([^'"]+)\1/g
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n'

/** The input type is inferred from valibot schemas; users get the same type spelled out from the JSON Schema. */
function inputType(schema) {
  const { title: _, ...untitled } = schema
  return compile(untitled, 'ConfigInput', {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
  })
}

function emit(root, outDir) {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = path.join(path.dirname(manifest), JSON.parse(fs.readFileSync(manifest, 'utf8')).bin.tsc)
  execFileSync(process.execPath, [tsc, '-p', path.join(root, 'src'), '--outDir', outDir], {
    stdio: 'inherit',
  })
}

/** Collects a declaration and what it imports; imports end in `.js`, which is what resolvers of every kind know. */
function collect(name, read, found) {
  if (found.has(name)) return
  const source = read(name)
  const imports = [...source.matchAll(SPECIFIER)].map((match) => match[2])
  const foreign = imports.find((specifier) => !specifier.startsWith('.'))
  if (foreign) throw new Error(`${name} is public and imports '${foreign}': public types must stand alone`)
  found.set(
    name,
    source.replace(SPECIFIER, (_, quote, to) => `${quote}${to.replace(/\.ts$/, '.js')}${quote}`),
  )
  for (const specifier of imports) {
    collect(path.posix.join(path.posix.dirname(name), specifier.replace(/\.[jt]s$/, '.d.ts')), read, found)
  }
}

export async function declarations(root, schema) {
  const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'idp-double-types-'))
  try {
    emit(root, outDir)
    const input = await inputType(schema)
    const read = (name) => (name === INPUT ? input : fs.readFileSync(path.join(outDir, name), 'utf8'))
    const found = new Map()
    collect('index.d.ts', read, found)
    const disposes = [...found.values()].some((text) => /Symbol\.(asyncD|d)ispose/.test(text))
    if (disposes) found.set('index.d.ts', DISPOSABLE + found.get('index.d.ts'))
    return found
  } finally {
    fs.rmSync(outDir, { recursive: true, force: true })
  }
}
