/** A single-page application with @azure/msal-browser, and the tenant that its users sign in at. */
import { createRequire } from 'node:module'
import path from 'node:path'
import express from 'express'
import { makeAuthority } from '../../../src/tls/authority.ts'
import { serverCertificate } from '../../../src/tls/server_certificate.ts'
import { listen } from '../../support/application.ts'
import { type Entra, startEntra } from './entra.ts'

const LIBRARY = path.dirname(createRequire(import.meta.url).resolve('@azure/msal-browser'))

export const SPA = '4d0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e44'

const own = await makeAuthority()
const certificate = await serverCertificate(['localhost'], own)

/** The CA of the application itself. */
export const APPLICATION_CA: string = own.cert

/** The one page without the application's own script: it hands answers of Entra on to where they were asked for. */
const BRIDGE = `<!DOCTYPE html><title>Redirect</title>
<script src="/msal/redirect-bridge/msal-redirect-bridge.min.js"></script>
<script>msalRedirectBridge.broadcastResponseToMainFrame()</script>`

function page(settings: object, script = ''): string {
  return `<!DOCTYPE html><title>Orders</title>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<script src="/msal/msal-browser.min.js"></script><script src="/page.mjs"></script><script>${script}</script>`
}

/** What an application does where it is told that the session is over. */
const FORGET = 'globalThis.forgotten = take("clearCache")'

function program(settings: object) {
  const app = express()
  app.use('/msal', express.static(LIBRARY))
  app.get('/page.mjs', (_request, response) =>
    response.sendFile('spa_page.mjs', { root: import.meta.dirname }),
  )
  app.get('/redirect', (_request, response) => void response.type('html').send(BRIDGE))
  app.get('/forget', (_request, response) => void response.type('html').send(page(settings, FORGET)))
  return app.use((_request, response) => void response.type('html').send(page(settings)))
}

interface Changes {
  /** The default is https: at http it is another site than Entra, whose cookies many browsers keep from frames then. */
  readonly at?: 'http' | 'https'
  /** How MSAL is told where Entra is. */
  readonly auth?: (entra: Entra) => object
  readonly cache?: object
  /** Whether it is told where the session ends elsewhere. */
  readonly isTold?: boolean
  /** What is registered of the application, beside its redirect URIs. */
  readonly client?: object
  /** Of which type these are. */
  readonly type?: 'spa' | 'web'
  /** Of the tenant. */
  readonly [key: string]: unknown
}

export type Spa = Awaited<ReturnType<typeof serveSpa>>

const knownAt = ({ authority, host }: Entra) => ({ authority, knownAuthorities: [host] })

function registered(url: string, { type, client, isTold = false }: Changes) {
  const uris = [`${url}/redirect`, `${url}/signed-out`]
  const { entra = {}, ...others } = (client ?? {}) as { entra?: object }
  return {
    client_id: SPA,
    grant_types: ['authorization_code', 'refresh_token'],
    ...(type === 'web' ? { redirect_uris: uris, entra } : { entra: { spa_redirect_uris: uris, ...entra } }),
    ...(isTold && { frontchannel_logout_uri: `${url}/forget` }),
    ...others,
  }
}

/** Starts both. */
export async function serveSpa({ at = 'https', auth = knownAt, cache = {}, ...changes }: Changes = {}) {
  const app = await listen(at === 'https' ? certificate : undefined)
  const { client: _client, type: _type, isTold: _isTold, ...tenant } = changes
  const entra = await startEntra({ ...tenant, clients: [registered(app.url, changes)] })
  const uris = { redirectUri: `${app.url}/redirect`, postLogoutRedirectUri: `${app.url}/signed-out` }
  app.serve(program({ auth: { clientId: SPA, ...uris, ...auth(entra) }, cache }))
  return {
    url: app.url,
    entra,
    /** What Entra was asked for tokens by. */
    grants: entra.grants,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await entra[Symbol.asyncDispose]()
    },
  }
}
