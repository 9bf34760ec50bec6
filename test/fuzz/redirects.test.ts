/** Whatever parameters come, a browser is sent to what the client registered, or to a page of the provider. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, hiddenFields } from '../support/browser.ts'
import { formOf } from '../support/form.ts'
import { type Request, request } from './authorization_arbitrary.ts'
import { REGISTERED } from './hostile_uris.ts'
import {
  type Came,
  type ClientId,
  isAnswer,
  isRegistered,
  LEADS_ON,
  OWN_PAGE,
  send,
  startSite,
} from './redirect_world.ts'

let idp: Awaited<ReturnType<typeof startSite>>
let cookie = ''
beforeAll(async () => {
  idp = await startSite('strict')
  const browser = new Browser(idp.issuer)
  const query = new URLSearchParams({
    client_id: 'web',
    redirect_uri: REGISTERED.web[0] ?? '',
    response_type: 'none',
  })
  await browser.submit(await browser.open(`${idp.issuer}/authorize?${query}`), { user: 'alice' })
  cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
})
afterAll(() => idp.stop())

function sendOf({ client_id, params: given, again, method, signedIn }: Request): Promise<Came> {
  const pairs = [['client_id', client_id], ...Object.entries(given), ...Object.entries(again ?? {})] as [
    string,
    string,
  ][]
  const body = new URLSearchParams(pairs)
  const headers: Record<string, string> = signedIn ? { cookie } : {}
  const url = `${idp.issuer}/authorize`
  return method === 'GET' ? send(`${url}?${body}`, { headers }) : send(url, { method, body, headers })
}

/** What became of the browser; anything that must not be is an error. */
function outcomeOf({ status, location, html }: Came, client_id: string): string {
  if (status >= 500) throw new Error(`status ${status}: ${html}`)
  if (location !== null) {
    if (OWN_PAGE.test(location)) return 'page'
    if (isAnswer(location, client_id as ClientId)) return /[?&#]error=/.test(location) ? 'error' : 'answer'
    throw new Error(`client ${client_id} gets the browser sent to ${location}`)
  }
  if (status >= 400) return LEADS_ON.test(html) ? fail(html) : 'refusal'
  if (html.includes('Browsers post forms to http and https URLs only')) return 'no form'
  const { action = '', fields } = formOf({ html })
  if (!isRegistered(action, client_id as ClientId))
    throw new Error(`client ${client_id} gets a form to ${action}`)
  return fields.some(([name]) => name === 'error') ? 'error by form' : 'answer by form'
}

function fail(html: string): never {
  throw new Error(`the refusal leads on: ${html}`)
}

describe('the authorization endpoint, whatever is asked', () => {
  it('sends browsers to a registered URI with an answer appended, or to a page of its own', async () => {
    const counts = new Map<string, number>()
    const law = async (each: Request) => {
      const outcome = outcomeOf(await sendOf(each), each.client_id)
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    await fc.assert(fc.asyncProperty(request, law), { numRuns: 1500 })
    if (process.env['IDP_DOUBLE_TEST_OUTCOMES']) console.log(counts)
    for (const outcome of ['page', 'answer', 'error', 'refusal', 'answer by form', 'error by form'])
      expect(counts.get(outcome) ?? 0, `${outcome} in ${[...counts]}`).toBeGreaterThan(10)
  }, 120_000)

  it('does so after the login too, and after a denial', async () => {
    const counts = { pick: 0, deny: 0 }
    const law = async ({ again, ...each }: Request, action: 'pick' | 'deny') => {
      const came = await sendOf({ ...each, again: null, signedIn: false })
      if (!OWN_PAGE.test(came.location ?? '')) return
      const page = await send(`${idp.issuer}/${came.location}`)
      const fields = {
        ...hiddenFields(page),
        ...(action === 'pick' ? { user: 'alice' } : { action: 'deny' }),
      }
      const options = { method: 'POST', body: new URLSearchParams(fields), headers: { origin: idp.url } }
      outcomeOf(await send(`${idp.issuer}/${came.location}`, options), each.client_id)
      counts[action] += 1
    }
    await fc.assert(fc.asyncProperty(request, fc.constantFrom('pick', 'deny'), law), { numRuns: 500 })
    expect(Math.min(counts.pick, counts.deny), JSON.stringify(counts)).toBeGreaterThan(20)
  }, 120_000)
})
