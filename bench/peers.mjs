// Other providers, as their documentation starts them, with the packages that are installed for development.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './process.mjs'
import { CLIENT, tokenRequest } from './product.mjs'

const require = createRequire(import.meta.url)

const MOCK = fileURLToPath(new URL('./subjects/oauth2_mock_server.mjs', import.meta.url))
const PROVIDER = fileURLToPath(new URL('./subjects/oidc_provider.mjs', import.meta.url))

function versionOf(name) {
  const manifest = path.join(root, 'node_modules', name, 'package.json')
  return fs.existsSync(manifest) ? require(manifest).version : undefined
}

/** @param jwkFile a private RSA JWK, or undefined for a key that the peer makes at its start */
export function peers(jwkFile) {
  const mock = versionOf('oauth2-mock-server')
  const provider = versionOf('oidc-provider')
  const key = jwkFile === undefined ? [] : [jwkFile]
  return {
    ...(mock && {
      'oauth2-mock-server': {
        version: mock,
        args: [MOCK, ...key],
        tokenUrl: (url) => new URL('/token', url).href,
        request: tokenRequest(CLIENT),
      },
    }),
    ...(provider &&
      jwkFile !== undefined && {
        'oidc-provider': {
          version: provider,
          args: [PROVIDER, jwkFile, CLIENT.client_id, CLIENT.client_secret],
          tokenUrl: (url) => new URL('/token', url).href,
          request: tokenRequest(CLIENT),
        },
      }),
  }
}
