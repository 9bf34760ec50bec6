/** Devices that wait, and the people who let them in. */
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { Browser, type Page } from './browser.ts'
import { type Answer, basic, post } from './http.ts'

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

type Form = Record<string, string>

export const API = 'https://api.test'
const TV = {
  client_id: 'tv',
  client_name: 'Living room',
  scope: 'read',
  grant_types: [DEVICE_CODE, 'refresh_token'],
}

/** A public device, a confidential one, and a client that is no device. */
export const startDevices = (more: ConfigInput = {}) =>
  startIdp({
    resources: [{ identifier: API, scopes: ['read', 'write'] }],
    clients: [
      TV,
      { ...TV, client_id: 'box', client_secret: 's3cret' },
      { client_id: 'batch', client_secret: 's3cret' },
    ],
    users: [{ username: 'alice', name: 'Alice', roles: ['admin'] }, { username: 'bob' }],
    ...more,
  })

export const BOX = basic('box', 's3cret')

/** Asks for a pair of codes. */
export function begin(issuer: string, form: Form = {}, headers: Form = {}): Promise<Answer> {
  const own = headers === BOX ? {} : { client_id: 'tv' }
  return post(`${issuer}/device_authorization`, { ...own, ...form }, headers)
}

/** Asks whether somebody has decided. */
export function poll(
  issuer: string,
  device_code: unknown,
  form: Form = {},
  headers: Form = {},
): Promise<Answer> {
  const own = headers === BOX ? {} : { client_id: 'tv' }
  const grant = { grant_type: DEVICE_CODE, device_code: String(device_code) }
  return post(`${issuer}/token`, { ...own, ...grant, ...form }, headers)
}

/** Types a code at the page, and signs in where that is asked: ends at the question, or wherever else. */
export async function typeCode(
  browser: Browser,
  uri: unknown,
  user_code: unknown,
  user = 'alice',
): Promise<Page> {
  const page = await browser.open(String(uri))
  const next = await browser.submit(page, { user_code: String(user_code) })
  return /<h1[^>]*>Sign in</.test(next.html) ? browser.submit(next, { user }) : next
}

/** Does all that a person does, from the code to the last page. */
export async function decide(
  { verification_uri, user_code }: Readonly<Record<string, unknown>>,
  { action = 'allow', user = 'alice', browser = new Browser(String(verification_uri)) } = {},
): Promise<Page> {
  const page = await typeCode(browser, verification_uri, user_code, user)
  return browser.submit(page, { action })
}

export { Browser }
