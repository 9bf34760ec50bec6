import { residentBytes, start } from '../process.mjs'
import { product, stateDir } from '../product.mjs'
import { mib } from '../stats.mjs'
import { load } from './throughput.mjs'

const MIB = 2 ** 20

/** What the process holds before anybody asks, and after it was asked for a while. */
export async function memory({ soakSeconds }) {
  const subject = product({ server: { port: 0, state_dir: stateDir('memory') } })
  const server = await start(subject.args)
  try {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const idle = residentBytes(server.pid)
    if (idle === undefined) return []
    await load(subject, server.url, { connections: 16, seconds: soakSeconds })
    return [
      { figure: 'memory, idle', value: idle, show: mib, most: [70 * MIB, 60 * MIB] },
      {
        figure: `memory, after ${soakSeconds} s of load`,
        value: residentBytes(server.pid),
        show: mib,
        most: [160 * MIB, 110 * MIB],
      },
    ]
  } finally {
    await server.stop()
  }
}
