/** A shop: users sign in with the code flow of openid-client, and their orders come from an API. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import * as client from 'openid-client'
import { listening } from './listening.mjs'

/** Starts it; `port` 0 is a free one. */
export async function startShop({ issuer, clientId, clientSecret, api, port = 0 }) {
  const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: [client.allowInsecureRequests],
  })
  const shop = { config, api, sessions: new Map() }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`)
    const visit = { url, cookie: /\bshop=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] }
    const page = PAGES[url.pathname] ?? notFound
    const { status = 200, headers = {}, body = '' } = await page(visit, shop).catch(failed)
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body)
  })
  return await listening(server, port)
}

const PAGES = { '/': home, '/login': login, '/callback': callback, '/logout': logout }

async function home({ cookie }, { sessions, api }) {
  const user = sessions.get(cookie)?.user
  if (user === undefined) return page('<p>Nobody is signed in.</p><a id="login" href="/login">Sign in</a>')
  const answered = await fetch(`${api}/orders`, { headers: { authorization: `Bearer ${user.token}` } })
  const { orders, error } = await answered.json()
  return page(
    `<p>Hello, <b id="name">${user.name}</b>.</p><p id="orders">${orders?.join(', ') ?? error}</p><a href="/logout">Sign out</a>`,
  )
}

async function login({ url }, { config, sessions }) {
  const [id, verifier] = [randomUUID(), client.randomPKCECodeVerifier()]
  const checks = { state: client.randomState(), nonce: client.randomNonce() }
  sessions.set(id, { login: { ...checks, verifier } })
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: `${url.origin}/callback`,
    scope: 'openid profile orders:read',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...checks,
  })
  return redirect(to.href, { 'set-cookie': `shop=${id}; Path=/; HttpOnly; SameSite=Lax` })
}

async function callback({ url, cookie }, { config, sessions }) {
  const { login: begun } = sessions.get(cookie) ?? {}
  if (begun === undefined) return page('<p>No login was begun in this browser.</p>', 400)
  const tokens = await client.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
  })
  const { sub } = tokens.claims()
  const { name } = await client.fetchUserInfo(config, tokens.access_token, sub)
  const id = randomUUID()
  sessions.delete(cookie)
  sessions.set(id, { user: { sub, name, token: tokens.access_token } })
  return redirect('/', { 'set-cookie': `shop=${id}; Path=/; HttpOnly; SameSite=Lax` })
}

async function logout({ cookie }, { sessions }) {
  sessions.delete(cookie)
  return redirect('/')
}

async function notFound() {
  return page('<p>There is no such page.</p>', 404)
}

function failed(error) {
  return page(`<p id="error">${error.error ?? error.code ?? error.message}</p>`, 500)
}

function page(html, status = 200) {
  return { status, body: `<!DOCTYPE html><title>Shop</title>${html}` }
}

function redirect(location, headers = {}) {
  return { status: 302, headers: { location, ...headers } }
}
