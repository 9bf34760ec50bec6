import fs from 'node:fs'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

const [jwkFile, client_id, client_secret] = process.argv.slice(2)
const resource = 'https://api.example.test'
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/`
  const provider = new Provider(url, {
    clients: [
      {
        client_id,
        client_secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [JSON.parse(fs.readFileSync(jwkFile, 'utf8'))] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      // Without a resource its access tokens are opaque: nothing would be signed.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: () => ({
          scope: '',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  server.on('request', provider.callback())
  console.log(url)
})
