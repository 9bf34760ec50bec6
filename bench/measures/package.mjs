import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { root } from '../process.mjs'
import { kB } from '../stats.mjs'

/** What npm would publish; dist/ must be built. */
export async function packageSize() {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const shell = process.platform === 'win32'
  const [packed] = JSON.parse(
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell }),
  )
  const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const noticed = fs.readFileSync(path.join(root, 'dist/THIRD_PARTY_NOTICES.txt'), 'utf8').match(/^-{80}$/gm)
  const count = (value) => String(value)
  return [
    { figure: 'run-time packages', value: Object.keys(dependencies).length, show: count, most: [5, 0] },
    { figure: 'bundled packages', value: noticed?.length ?? 0, show: count },
    { figure: 'package, unpacked', value: packed.unpackedSize, show: kB, most: [1_500_000, 600_000] },
    { figure: 'package, packed', value: packed.size, show: kB, most: [400_000, 170_000] },
  ]
}
