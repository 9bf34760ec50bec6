// The product as users start it: the built command line with a configuration file.
import fs from 'node:fs'
import path from 'node:path'
import { root, work } from './process.mjs'

export const CLIENT = { client_id: 'batch', client_secret: 'the-secret-of-batch-0123456789' }

let files = 0

/** Writes a configuration and gives the way to start the product with it. */
export function product({ format = 'json', ...config } = {}) {
  const whole = { server: { port: 0 }, clients: [CLIENT], ...config }
  const file = path.join(work, `config-${files++}.${format}`)
  // JSON is YAML; what matters is which reader has to be loaded.
  fs.writeFileSync(file, JSON.stringify(whole))
  return {
    args: [path.join(root, 'dist/cli.cjs'), 'serve', '-c', file],
    file,
    tokenUrl: (issuer) => `${issuer}/token`,
    request: tokenRequest(CLIENT),
  }
}

/** The commonest request of all: client credentials by HTTP Basic. */
export function tokenRequest({ client_id, client_secret }) {
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64')
  return { body: 'grant_type=client_credentials', headers: { authorization: `Basic ${basic}` } }
}

/** A `state_dir` in which the keys are made already. */
export function stateDir(name) {
  return path.join(work, `state-${name}`)
}
