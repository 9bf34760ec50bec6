// The licences of what is in the bundle, read from the bundle's own list of modules so that none can be forgotten.
import fs from 'node:fs'
import path from 'node:path'

const HEAD = 'IdP Double contains the following packages, whose licences ask for these notices.\n'

/** The innermost package of a module; undefined for our own modules and for the bundler's glue. */
export function packageOf(id) {
  const at = id.replaceAll('\\', '/').match(/^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//)
  return id.startsWith('\0') ? undefined : at?.[1]
}

function notice(dir) {
  const { name, version, license, author } = JSON.parse(
    fs.readFileSync(path.join(dir, 'package.json'), 'utf8'),
  )
  if (!license)
    throw new Error(`${name}@${version} names no licence in its package.json: look before bundling it`)
  const texts = fs
    .readdirSync(dir)
    .filter((file) => /^(licen[cs]e|copying|copyright|notice)\b/i.test(file))
    .map((file) => fs.readFileSync(path.join(dir, file), 'utf8').replaceAll('\r\n', '\n').trim())
  const holder = author?.name ?? author ?? 'its authors'
  const body =
    texts.join('\n\n') || `Copyright (c) ${holder}\n(the package ships no licence text; see SPDX ${license})`
  return `${name}@${version} (${license})\n\n${body}\n`
}

/** One section per package and version, each after a line of dashes and headed `name@version (licence)`. */
export function notices(moduleIds) {
  const dirs = new Set(moduleIds.map(packageOf).filter((dir) => dir !== undefined))
  const sections = [...dirs].map(notice).sort()
  return [HEAD, ...new Set(sections)].join(`\n${'-'.repeat(80)}\n`)
}
