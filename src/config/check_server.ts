import { type CheckContext, checkFile } from './check_rules.ts'
import { HTTPS_PORT } from './port.ts'
import type { Config, Draft } from './schema.ts'

const PATH = ['server', 'tls'] as const

/** Where the server listens: at one port at least, each for itself, with files that can be read. */
export function checkServer({ server }: Draft<Config>, cx: CheckContext): void {
  if (server === undefined) return
  const { tls } = server
  const port = cx.port ?? server.port
  if (port === null && !('tls' in server) && !cx.addsTls) {
    const message = 'nothing is served: null serves no http, and https needs tls: {}, or serve --tls'
    cx.findings.push({ path: ['server', 'port'], message })
  }
  if (tls === undefined) return
  const { certificate, client_ca } = tls
  const https = tls.port ?? HTTPS_PORT
  // What a flag makes one is for whoever listens: what is to be changed is no line of the file then.
  if (server.port === https && cx.port === undefined && https !== 0) {
    const path = tls.port === undefined ? ['server', 'port'] : [...PATH, 'port']
    cx.findings.push({ path, message: `http and https cannot both be at port ${https}` })
  }
  if (typeof certificate === 'object') {
    checkFile(certificate.cert_file, () => [...PATH, 'certificate', 'cert_file'], cx)
    checkFile(certificate.key_file, () => [...PATH, 'certificate', 'key_file'], cx)
  }
  if (typeof client_ca === 'string' && client_ca !== 'auto')
    checkFile(client_ca, () => [...PATH, 'client_ca'], cx)
}
