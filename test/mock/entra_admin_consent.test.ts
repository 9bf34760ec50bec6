import { describe, expect, it } from 'vitest'
import { CALLBACK } from '../support/discovered.ts'
import { ADA, APP, ORDERS, startEntra, TENANT } from '../support/entra_tenant.ts'

const PATHS = [
  ['v1', 'adminconsent'],
  ['v2', 'v2.0/adminconsent'],
] as const

type Started = Awaited<ReturnType<typeof startEntra>>

const open = ({ app, idp }: Started, path: string, params: Readonly<Record<string, string>> = {}) => {
  const usual = { client_id: APP[0], redirect_uri: CALLBACK, state: 'the state' }
  return app.browser.open(`${idp.url}/${TENANT}/${path}?${new URLSearchParams({ ...usual, ...params })}`)
}

const answerOf = (page: { readonly left?: URL }) => Object.fromEntries(page.left?.searchParams ?? [])

describe('Entra: consent of an administrator', () => {
  it.each(PATHS)('%s shows who asks for whom, and goes back with the tenant', async (_face, path) => {
    await using entra = await startEntra({ config: { entra: { display_name: 'Contoso Ltd' } } })
    const page = await open(entra, path)
    expect([page.status, page.html.includes('Contoso Ltd'), page.html.includes(APP[0])]).toEqual([
      200,
      true,
      true,
    ])
    expect(answerOf(await entra.app.browser.submit(page, { action: 'allow' }))).toEqual({
      admin_consent: 'True',
      tenant: TENANT,
      state: 'the state',
    })
  })

  it('v2 tells the scope that it was asked for', async () => {
    await using entra = await startEntra()
    const scope = `${ORDERS.identifier}/read`
    const page = await open(entra, 'v2.0/adminconsent', { scope })
    expect(page.html).toContain(scope)
    expect(answerOf(await entra.app.browser.submit(page, { action: 'allow' }))).toMatchObject({ scope })
  })

  it.each(PATHS)('%s goes back with access_denied where it is declined', async (_face, path) => {
    await using entra = await startEntra()
    const answer = answerOf(await entra.app.browser.submit(await open(entra, path), { action: 'deny' }))
    expect(answer).toMatchObject({ error: 'access_denied', error_subcode: 'cancel', state: 'the state' })
    expect(answer['error_description']).toMatch(/^AADSTS65004: /)
    expect(answer).not.toHaveProperty('admin_consent')
  })

  it('needs no page where nobody is there to look at it', async () => {
    await using entra = await startEntra({ config: { login: { mode: 'auto' } } })
    expect(answerOf(await open(entra, 'adminconsent'))).toMatchObject({ admin_consent: 'True' })
  })

  it.each([
    [700016, { client_id: 'nobody' }],
    [50011, { redirect_uri: 'https://evil.test/' }],
  ] as const)('is a page that says AADSTS%i for %j', async (code, params) => {
    await using entra = await startEntra()
    const page = await open(entra, 'adminconsent', params)
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.html).toContain(`AADSTS${code}: `)
  })

  it('is decided once, and on the provider’s own page', async () => {
    await using entra = await startEntra()
    const page = await open(entra, 'adminconsent')
    await entra.app.browser.submit(page, { action: 'allow' })
    const again = await entra.app.browser.submit(page, { action: 'allow' })
    expect([again.status, again.headers.get('x-mock-reason')]).toEqual([400, 'interaction.unknown'])
  })
})

describe('Entra: what an administrator allowed', () => {
  const scope = `${ORDERS.identifier}/read openid`
  const consentPage = async ({ app }: Started, asked: string) => {
    const login = await app.browser.open(app.request({ scope: asked, prompt: 'select_account' }))
    return (await app.browser.submit(login, { user: ADA.username })).html.includes('Allow access</h1>')
  }

  it.each([
    ['everything', {}, [false, false]],
    ['one scope', { scope: `${ORDERS.identifier}/read` }, [false, true]],
    ['all of an API', { scope: `${ORDERS.identifier}/.default` }, [false, false]],
  ] as const)('is not asked of users any more: %s', async (_what, params, expected) => {
    await using entra = await startEntra({ client: { consent: true } })
    expect(await consentPage(entra, scope)).toBe(true)
    const page = await open(entra, 'v2.0/adminconsent', params)
    await entra.app.browser.submit(page, { action: 'allow' })
    const asked = [
      await consentPage(entra, scope),
      await consentPage(entra, `${ORDERS.identifier}/write openid`),
    ]
    expect(asked).toEqual(expected)
  })
})
