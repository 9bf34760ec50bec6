/** An API that takes access tokens: verified with jose, by the keys that the issuer publishes. */
import { createServer } from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { listening } from './listening.mjs'

/** Starts it on a free port. */
export async function startApi({ issuer, audience }) {
  let keys
  const verify = async (token) => {
    keys ??= createRemoteJWKSet(new URL(await jwksUriOf(issuer)))
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' })
    return payload
  }
  return await listening(
    createServer(async (request, response) => {
      const { status, body } = await answer(request, verify)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }),
  )
}

async function jwksUriOf(issuer) {
  const answered = await fetch(`${issuer}/.well-known/openid-configuration`)
  return (await answered.json()).jwks_uri
}

async function answer({ headers }, verify) {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return { status: 401, body: { error: 'no token' } }
  try {
    const { sub, roles = [] } = await verify(token)
    if (roles.length === 0) return { status: 403, body: { error: 'no role' } }
    return { status: 200, body: { orders: [`an order of ${sub}`], roles } }
  } catch (error) {
    return { status: 401, body: { error: error.code ?? error.message } }
  }
}
