/** A browser without scripts: it keeps cookies, follows redirects inside the provider, and fills in forms. */
import { decode, post } from './http.ts'

/** Where a visit ended: at a page of the provider, or on the way to a client. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** The address at a client that the browser was sent to, which is not visited. */
  readonly left?: URL
}

type Fields = Readonly<Record<string, string>>

/** The attribute that makes a browser forget a cookie, in either way of writing. */
const OVER = /^(Max-Age=0|Expires=\w+, 01 Jan 1970 .*)$/i

export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #origin: string
  readonly #keepsCookies: boolean
  readonly #fetch: typeof fetch

  /** One that trusts other CAs than Node has a `fetch` that does. */
  constructor(origin: string, more: { keepsCookies?: boolean; fetch?: typeof fetch } = {}) {
    this.#origin = new URL(origin).origin
    this.#keepsCookies = more.keepsCookies ?? true
    this.#fetch = more.fetch ?? fetch
  }

  /** Opens an address, with a form in the body where one is given. */
  async open(url: string, form?: Fields, headers: Fields = {}): Promise<Page> {
    const response = await this.#fetch(url, {
      redirect: 'manual',
      headers: { ...headers, ...this.#cookieHeader() },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    this.#keep(response)
    const html = await response.text()
    const to = response.headers.get('location')
    const page = { url, status: response.status, headers: response.headers, html }
    if (to === null) return page
    const next = new URL(to, url)
    return next.origin === this.#origin ? this.open(next.href) : { ...page, left: next }
  }

  /** Sends the first form of a page, its hidden fields along. */
  submit(page: Page, fields: Fields): Promise<Page> {
    return this.open(page.url, { ...hiddenFields(page), ...fields }, { origin: this.#origin })
  }

  #cookieHeader(): Fields {
    const pairs = [...this.cookies].map(([name, value]) => `${name}=${value}`)
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') }
  }

  #keep({ headers }: Response): void {
    for (const header of this.#keepsCookies ? headers.getSetCookie() : []) {
      const [pair = '', ...attributes] = header.split('; ')
      const at = pair.indexOf('=')
      if (attributes.some((each) => OVER.test(each))) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
}

/** Names and values of the hidden inputs; their values are of characters that HTML does not escape, or unescaped here. */
export function hiddenFields({ html }: Pick<Page, 'html'>): Record<string, string> {
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescaped(value)]))
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' }
  return text.replaceAll(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => characters[name] ?? '')
}

/** The parameters that came to the client: in the query, the fragment, or a form that posts itself. */
export function answerAt(page: Page): URLSearchParams {
  if (page.left === undefined) return new URLSearchParams(hiddenFields(page))
  const { hash, search } = page.left
  return new URLSearchParams(hash === '' ? search : hash.slice(1))
}

/** The address of an authorization request; `undefined` leaves a parameter out. */
export function authorizeUrl(issuer: string, params: Readonly<Record<string, string | undefined>>): string {
  const usual = { response_type: 'code', scope: 'openid', state: 'state-of-the-client' }
  const sent = Object.entries({ ...usual, ...params }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return `${issuer}/authorize?${new URLSearchParams(sent)}`
}

/** Signs a user in by the picker, allows what is asked, and gives the page where the browser ends. */
export async function signIn(browser: Browser, url: string, user = 'alice'): Promise<Page> {
  let page = await browser.open(url)
  if (/<h1[^>]*>Sign in</.test(page.html)) page = await browser.submit(page, { user })
  if (/<h1[^>]*>Allow access</.test(page.html)) page = await browser.submit(page, { action: 'allow' })
  return page
}

/** Redeems a code. */
export function redeem(
  issuer: string,
  { code, redirect_uri, ...more }: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
) {
  const form = {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: redirect_uri ?? '',
    ...more,
  }
  return post(`${issuer}/token`, form, headers)
}

/** The claims of an ID token in an answer, not verified. */
export function idClaims(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return decode(String(body['id_token'])).claims
}
