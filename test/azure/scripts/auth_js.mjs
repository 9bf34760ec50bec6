/** @auth/core with its provider for Entra ID, as a framework calls it for a browser. */
import { inspect } from 'node:util'
import { Auth } from '@auth/core'
import MicrosoftEntraID from '@auth/core/providers/microsoft-entra-id'

const APP = 'https://app.example.test/auth'

function configuration({ issuer, clientId, clientSecret }, errors) {
  return {
    basePath: '/auth',
    secret: 'of the application itself',
    trustHost: true,
    providers: [MicrosoftEntraID({ ...(issuer === undefined ? {} : { issuer }), clientId, clientSecret })],
    logger: { error: (error) => errors.push(inspect(error, { depth: 5 })), warn: () => undefined },
  }
}

/** A browser at the application: it keeps cookies. */
function browserAt(config) {
  const cookies = new Map()
  return async (url, form) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const response = await Auth(new Request(url, { headers: { cookie }, ...sent }), config)
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)
      cookies.set(name, value)
    }
    return response
  }
}

/** Signs a user in, and gives the session that the application has then. */
export async function signIn(given, ask) {
  const errors = []
  const open = browserAt(configuration(given, errors))
  const { csrfToken } = await (await open(`${APP}/csrf`)).json()
  const away = await open(`${APP}/signin/microsoft-entra-id`, { csrfToken })
  const answer = await ask('signIn', away.headers.get('location'))
  const back = await open(`${APP}/callback/microsoft-entra-id?${new URLSearchParams(answer)}`)
  const session = await (await open(`${APP}/session`)).json()
  return { session, errors, back: back.headers.get('location') }
}
