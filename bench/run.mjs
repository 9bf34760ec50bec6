// The benchmark: `npm run bench`, or `npm run bench -- --quick` for a look within a minute; names of measures choose some.
// Figures of one run are compared with each other only: the machine, and what else it does, is in all of them.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { control } from './measures/control.mjs'
import { libraryUse } from './measures/library.mjs'
import { memory } from './measures/memory.mjs'
import { packageSize } from './measures/package.mjs'
import { record } from './measures/record.mjs'
import { scale } from './measures/scale.mjs'
import { start } from './measures/start.mjs'
import { throughput } from './measures/throughput.mjs'
import { peers } from './peers.mjs'
import { root } from './process.mjs'

const MEASURES = {
  package: packageSize,
  start,
  library: libraryUse,
  throughput,
  memory,
  scale,
  control,
  record,
}

const FULL = { rounds: 21, loadRounds: 3, seconds: 3, cycles: 1000, soakSeconds: 60 }
const QUICK = { rounds: 3, loadRounds: 1, seconds: 0.5, cycles: 100, soakSeconds: 2, quick: true }

function verdict({ value, most, least }) {
  const reached = (limit) => (most ? value <= limit : value >= limit)
  const [must, stretch = must] = most ?? least
  if (reached(stretch)) return 'stretch'
  return reached(must) ? 'pass' : 'MISS'
}

function row({ figure, value, show, ...targets }) {
  const limits = targets.most ?? targets.least
  if (value === undefined || limits === undefined)
    return [figure, value === undefined ? '–' : show(value), '', '', '']
  const sign = targets.most ? '≤' : '≥'
  const [must, stretch] = limits.map((limit) => `${sign} ${show(limit)}`)
  return [figure, show(value), must, stretch ?? '', verdict({ value, ...targets })]
}

function table(rows) {
  const head = ['figure', 'value', 'must', 'stretch', '']
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((each) => each[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const flags = process.argv.slice(2)
const names = flags.filter((flag) => !flag.startsWith('--'))
const unknown = names.find((name) => !Object.hasOwn(MEASURES, name))
if (unknown !== undefined)
  throw new Error(`there is no measure ${unknown}; there are ${Object.keys(MEASURES).join(', ')}`)
const options = flags.includes('--quick') ? QUICK : FULL
if (!fs.existsSync(path.join(root, 'dist/cli.cjs'))) {
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--no-types'], { stdio: 'inherit' })
}
const versions = Object.entries(peers('')).map(([name, { version }]) => `${name} ${version}`)
console.log(
  `Node ${process.versions.node}, ${os.availableParallelism()} × ${os.cpus()[0]?.model}; ${versions.join(', ')}`,
)
const [busy] = os.loadavg()
if (busy > 1)
  console.log(
    `Other processes take ${busy.toFixed(1)} cores: wait until they are done, or trust the ratios only roughly.`,
  )
for (const name of names.length > 0 ? names : Object.keys(MEASURES)) {
  const began = performance.now()
  const rows = await MEASURES[name](options)
  console.log(`\n## ${name} (${Math.round((performance.now() - began) / 1000)} s)\n\n${table(rows.map(row))}`)
}
