/** What https is served with. */
import type { ResolvedConfig, TlsConfig } from '../config/resolve.ts'
import type { KeyFile } from '../keys/state.ts'
import { type Authority, keptAuthority, makeAuthority } from './authority.ts'
import type { Pem } from './certificate.ts'
import { checkFiles } from './own_certificate.ts'
import { serverCertificate, serverNames } from './server_certificate.ts'

export interface Secured {
  /** Of https. */
  readonly port: number
  /** The certificate to serve with, and its chain. */
  readonly certificate: Pem
  /** The CAs whose client certificates are trusted, in PEM; absent: nobody is asked for a certificate. */
  readonly clientCas?: readonly string[] | undefined
  /** The own CA; absent where neither server nor clients need one. */
  readonly authority?: Authority | undefined
}

export interface Given {
  /** Where the own CA is kept. */
  readonly keyFile: KeyFile | undefined
  /** The own CA where none is kept; without it a new one is made. */
  readonly authority?: (() => Promise<Authority>) | undefined
  /** The name of this machine. */
  readonly machine: string
  readonly asksForCertificates: boolean
}

/** Makes what is needed and not there yet. @throws KeyError for a kept CA, or files of the configuration, that cannot be used */
export async function secured(
  config: ResolvedConfig & { readonly server: { readonly tls: TlsConfig } },
  { keyFile, authority, machine, asksForCertificates }: Given,
): Promise<Secured> {
  const { certificate, client_ca, port } = config.server.tls
  checkFiles(config.server.tls)
  const needsAuthority = certificate === 'auto' || client_ca === 'auto'
  const kept = keyFile && (() => keptAuthority(keyFile))
  const own = needsAuthority ? await (kept ?? authority ?? makeAuthority)() : undefined
  const trusted = client_ca === 'auto' ? own?.cert : client_ca
  return {
    port,
    certificate:
      certificate === 'auto'
        ? await serverCertificate(serverNames(config, machine), own as Authority)
        : certificate,
    clientCas: asksForCertificates ? [trusted ?? []].flat() : undefined,
    authority: own,
  }
}
