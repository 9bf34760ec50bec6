/** Clients whose users sign in and out, and what those clients hear of it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerAt, authorizeUrl, Browser, type Page, signIn } from './browser.ts'

/** Each client on a host of its own. */
export function appNamed<T extends object>(client_id: string, more: T = {} as T) {
  return {
    client_id,
    client_secret: `s3cret-of-${client_id}`,
    grant_types: ['authorization_code', 'implicit'] as ('authorization_code' | 'implicit')[],
    redirect_uris: [callbackOf(client_id)],
    post_logout_redirect_uris: [byeOf(client_id)],
    ...more,
  }
}

const callbackOf = (client_id: string) => `https://${client_id}.example/callback`

export const byeOf = (client_id: string) => `https://${client_id}.example/bye`

export const USERS = [{ username: 'alice', name: 'Alice Liddell' }, { username: 'bob' }]

interface At {
  readonly issuer: string
  readonly client_id?: string
  readonly user?: string
}

/** An authorization request of the client. */
export const loginUrl = ({ issuer, client_id = 'app' }: At, more: Record<string, string> = {}) =>
  authorizeUrl(issuer, {
    client_id,
    redirect_uri: callbackOf(client_id),
    response_type: 'id_token',
    nonce: 'n',
    ...more,
  })

/** Signs in at a client, by the session where there is one; gives the ID token. */
export async function idTokenAt(browser: Browser, at: At): Promise<string> {
  const page = await signIn(browser, loginUrl(at), at.user)
  const id_token = answerAt(page).get('id_token')
  if (id_token === null) throw new Error(`no ID token, but ${page.left?.href ?? page.html}`)
  return id_token
}

/** Whether the browser has a session that a client can use without a page. */
export async function isSignedIn(browser: Browser, at: At): Promise<boolean> {
  const answer = answerAt(await browser.open(loginUrl(at, { prompt: 'none' })))
  if (!answer.has('id_token') && answer.get('error') !== 'login_required') throw new Error(`${answer}`)
  return answer.has('id_token')
}

export const logoutUrl = (issuer: string, params: Record<string, string> = {}) =>
  `${issuer}/logout?${new URLSearchParams(params)}`

/** Signs alice in at a client and out again; the ID token that it got, and where the browser ended. */
export async function inAndOut(issuer: string, at: { browser?: Browser; client_id?: string } = {}) {
  const { browser = new Browser(issuer), client_id = 'app' } = at
  const id_token = await idTokenAt(browser, { issuer, client_id })
  const params = { id_token_hint: id_token, post_logout_redirect_uri: byeOf(client_id) }
  return { id_token, page: await browser.open(logoutUrl(issuer, params)) }
}

/** The sentence about what is wrong with a request, as the page has it. */
export function problemOn({ html }: Page): string | undefined {
  return /id="problem"[^>]*>([^<]*)</.exec(html)?.[1]
}

/** A client that listens, and answers each request alike. */
export async function startReceiver(status = 200, body = '') {
  const requests: { method: string; url: string; type: string; form: URLSearchParams }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { method = '', url = '', headers } = request
    requests.push({ method, url, type: headers['content-type'] ?? '', form: new URLSearchParams(text) })
    const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/elsewhere`
    response.writeHead(status, status > 300 && status < 400 ? { location } : {}).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`,
    requests,
    /** The logout tokens that came. */
    tokens: () => requests.map(({ form }) => form.get('logout_token') ?? ''),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
