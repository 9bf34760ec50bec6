/** Modules of the conformance plans about requests that come in another form than a query. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { type Flow, isLoginPage, REDIRECT_URI, RelyingParty, startOp } from '../support/relying_party.ts'
import { unsigned } from '../support/request_object.ts'

/** Registered at its own address: the client's host for `request_uri`. */
async function startHost() {
  const requests: string[] = []
  let content = ''
  const server = createServer(({ url = '' }, response) => {
    requests.push(url)
    response.setHeader('content-type', 'application/jwt').end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    /** With a fragment, which stands for the content and is no part of what is fetched. */
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/request/Xa3#4MOyzXTvGOhvxiyGTZxhUdGIJBl3KxHkFqQ`,
    requests,
    serve: (text: string) => {
      content = text
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function requestObjectModules(flow: Flow): void {
  /** What OAuth wants beside an object; state and nonce are in it alone. */
  const outside = { state: undefined, nonce: undefined }

  it('oidcc-ensure-post-request-succeeds: takes the request as a form that is posted, from another site too', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { origin, pathname, searchParams } = new URL(rp.url())
    const headers = { origin: 'https://rp.test', 'sec-fetch-site': 'cross-site' }
    const page = await rp.browser.open(`${origin}${pathname}`, Object.fromEntries(searchParams), headers)
    expect(isLoginPage(page)).toBe(true)
    expect((await rp.taken(rp.received(await rp.pick(page)))).id.sub).toMatch(/./)
  })

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: works, with state and nonce only inside', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    rp.url()
    const inside = rp.sent
    const page = await rp.open({ ...outside, request: unsigned(inside) })
    rp.sent = inside
    expect((await rp.taken(rp.received(await rp.pick(page)))).id.sub).toMatch(/./)
  })

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: works, registered and sent with a fragment that is not fetched', async () => {
    await using host = await startHost()
    await using idp = await startOp({ request_uris: [host.url] })
    const rp = new RelyingParty(idp.issuer, flow)
    rp.url()
    const inside = rp.sent
    host.serve(unsigned(inside))
    const page = await rp.open({ ...outside, request_uri: host.url })
    rp.sent = inside
    expect((await rp.taken(rp.received(await rp.pick(page)))).id.sub).toMatch(/./)
    expect(host.requests).toEqual(['/request/Xa3'])
  })

  it('oidcc-ensure-request-object-with-redirect-uri: answers at the redirect URI of the object, not at the bad one beside it', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const good = { redirect_uri: REDIRECT_URI }
    const page = await rp.open({ redirect_uri: `${REDIRECT_URI}_invalid`, request: unsigned(good) })
    const next = await rp.pick(page)
    if (next.left !== undefined) expect(next.left.href).toMatch(/^https:\/\/rp\.test\/callback[?#]/)
    expect(next.html).not.toContain('callback_invalid')
    expect((await rp.taken(rp.received(next))).id.sub).toMatch(/./)
  })
}
