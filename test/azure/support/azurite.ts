/** Azurite, the emulator of Azure Storage, with the options that docs/azure-storage/compose.yaml gives it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAM = join(ROOT, 'node_modules/azurite/dist/src/blob/main.js')

/** The folder of the recipe. */
export const RECIPE = join(ROOT, 'docs/azure-storage')
export const { services } = parse(readFileSync(join(RECIPE, 'compose.yaml'), 'utf8'))

/** What differs without a container: host, port and where the certificate is. */
function optionsWith(pem: string): string[] {
  const here = { '--blobHost': '127.0.0.1', '--blobPort': '0', '--cert': pem, '--key': pem }
  const own = Object.entries(here).map(([name, value]) => `${name}=${value}`)
  const [, ...options] = services.azurite.command as string[]
  return [...options.filter((option) => !(`${option.split('=')[0]}` in here)), ...own]
}

/** Starts it with a certificate and its key in one file. */
export async function startAzurite(pem: string, cwd: string) {
  const child = spawn(process.execPath, [PROGRAM, ...optionsWith(pem)], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  const port = await new Promise<string>((started, failed) => {
    let said = ''
    const hear = (text: string) => {
      said += text
      const found = /successfully listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (found !== undefined) started(found)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
    void exit.then(() => failed(new Error(`Azurite did not start:\n${said}`)))
  })
  return {
    /** The account that every Azurite has. */
    account: `https://localhost:${port}/devstoreaccount1`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await exit
    },
  }
}
