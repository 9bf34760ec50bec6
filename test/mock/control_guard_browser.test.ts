/** What pages of others can do to the provider in a real browser: nothing. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'
import { startProvider } from '../../src/provider.ts'
import { listen } from '../support/application.ts'
import { launchChromium } from '../support/chromium.ts'
import { get } from '../support/http.ts'

/** Another site whose name means this machine. */
const FLAGS = [
  '--host-resolver-rules=MAP evil.test 127.0.0.1',
  // What newer browsers do on their own to keep pages from this machine is no merit of the provider.
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
]

const ATTACKER = '<!DOCTYPE html><title>Attacker</title><h1>Win a prize</h1>'

/** Each tries in its own way to change something, or to read; it resolves with what the page learnt. */
const ATTACKS: Readonly<Record<string, string>> = {
  'fetch of text': `fetch(at('/clock'), { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: advance })`,
  'fetch of a form': `fetch(at('/clock'), { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ [advance]: '' }) })`,
  'fetch without a body': `fetch(at('/reset'), { method: 'POST', mode: 'no-cors', credentials: 'include' })`,
  'fetch that hides its origin': `fetch(at('/reset'), { method: 'POST', mode: 'no-cors', referrerPolicy: 'no-referrer' })`,
  'fetch of JSON': `fetch(at('/clock'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: advance })`,
  'fetch of a method': `fetch(at('/users/alice'), { method: 'DELETE' })`,
  'fetch to read': `fetch(at('/users')).then((answer) => answer.text())`,
  'XMLHttpRequest to read': `new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', at('/requests'))
    request.onload = () => resolve(request.responseText)
    request.onerror = () => reject(new Error('refused'))
    request.send()
  })`,
  sendBeacon: `new Promise((resolve) => { navigator.sendBeacon(at('/reset'), 'x'); setTimeout(resolve, 300) })`,
  'sendBeacon of JSON': `new Promise((resolve) => {
    try { navigator.sendBeacon(at('/clock'), new Blob([advance], { type: 'application/json' })) } catch {}
    setTimeout(resolve, 300)
  })`,
  'a form': `form('application/x-www-form-urlencoded')`,
  'a form of text': `form('text/plain')`,
  'a form with files': `form('multipart/form-data')`,
  'an image': `loads('img', 'src', '/clock')`,
  'a script': `loads('script', 'src', '/requests')`,
  'the script of the inspector': `loads('script', 'src', '/inspector.js')`,
  'a frame': `new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.onload = () => resolve(frame.contentDocument?.body?.innerText ?? undefined)
    frame.src = at('/')
    document.body.append(frame)
  })`,
  'a WebSocket': `new Promise((resolve, reject) => {
    const socket = new WebSocket(at('/requests/stream').replace('http', 'ws'))
    socket.onopen = () => resolve('open')
    socket.onerror = () => reject(new Error('refused'))
  })`,
  'an EventSource': `new Promise((resolve, reject) => {
    const source = new EventSource(at('/requests/stream'))
    source.onopen = () => resolve('open')
    source.onerror = () => { source.close(); reject(new Error('refused')) }
  })`,
}

const TOOLS = `
  const at = (path) => target + '/_mock' + path
  const advance = '{"advance":"1d"}'
  const loads = (name, attribute, path) => new Promise((resolve, reject) => {
    const element = document.createElement(name)
    element.onload = () => resolve('loaded')
    element.onerror = () => reject(new Error('refused'))
    element[attribute] = at(path)
    document.body.append(element)
  })
  const form = (enctype) => new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'f' + Math.random() })
    const form = Object.assign(document.createElement('form'), { method: 'post', action: at('/clock'), enctype, target: frame.name })
    form.append(Object.assign(document.createElement('input'), { name: '{"advance":"1d","x":"', value: '"}' }))
    document.body.append(frame, form)
    form.submit()
    frame.onload = () => setTimeout(resolve, 50)
    setTimeout(resolve, 1500)
  })
`

/** What the page learnt by an attack; nothing where it was refused, or where it may not look. */
async function learnt(page: Page, attack: string, target: string): Promise<string> {
  const code = `(async () => { const target = ${JSON.stringify(target)}; ${TOOLS}
    try {
      const found = await ${attack}
      return found instanceof Response ? (found.type === 'opaque' ? '' : found.text()) : (found ?? '')
    } catch { return '' } })()`
  return String(await page.evaluate(code))
}

/** All that an attack could have changed or that would show it. */
async function state({ url }: { readonly url: string }): Promise<unknown> {
  const paths = ['clock', 'users', 'keys', 'sandboxes', 'next-login']
  return await Promise.all(paths.map(async (path) => (await get(`${url}/_mock/${path}`)).body))
}

/** A provider whose clock stands still, so that a reset would show. */
async function begin() {
  const input = { server: { port: 0 }, users: [{ username: 'alice' }] }
  const config = await validateInput(input, { names, directory: '.', readFile: () => '' })
  const answered: string[] = []
  let isWatched = false
  const running = await startProvider(config, {
    log: ({ path, status }) =>
      void (isWatched && path.startsWith('/_mock') && answered.push(`${status} ${path}`)),
  })
  running.clock.freeze()
  running.clock.set(Date.parse('2030-01-31T08:15:00Z'))
  const { url, clock } = running
  return {
    ...{ url, clock, answered },
    /** Attacks, and tells how they were answered. */
    async watch<T>(attack: () => Promise<T>): Promise<T> {
      isWatched = true
      const outcome = await attack()
      isWatched = false
      return outcome
    },
    [Symbol.asyncDispose]: () => running.stop(0),
  }
}

describe('a page of another site, in Chromium', () => {
  it.for([
    ['another site', 'evil.test'],
    ['another port of the same host', 'localhost'],
  ])('changes nothing and reads nothing: %s', async ([, hostname = ''], context) => {
    await using browser = await launchChromium(context, FLAGS)
    await using idp = await begin()
    await using app = await listen()
    app.serve((_request, response) => void response.setHeader('content-type', 'text/html').end(ATTACKER))
    const page = await browser.newPage()
    await page.goto(app.url.replace('localhost', hostname))
    const before = await state(idp)
    for (const [name, attack] of Object.entries(ATTACKS)) {
      expect([name, await idp.watch(() => learnt(page, attack, idp.url))]).toEqual([name, ''])
      expect([name, await state(idp)]).toEqual([name, before])
    }
    // Each of them got there.
    expect(idp.answered.length).toBeGreaterThanOrEqual(Object.keys(ATTACKS).length)
    expect(idp.answered.filter((each) => !each.startsWith('403 '))).toEqual([])
  })

  it('changes nothing and reads nothing where its name was made to mean the provider', async (context) => {
    await using browser = await launchChromium(context, FLAGS)
    await using idp = await begin()
    const rebound = idp.url.replace('localhost', 'evil.test')
    const page = await browser.newPage()
    // The page came from the attacker's machine, before its name meant this one.
    await page.route(`${rebound}/prize`, (route) =>
      route.fulfill({ contentType: 'text/html', body: ATTACKER }),
    )
    await page.goto(`${rebound}/prize`)
    const before = await state(idp)
    for (const [name, attack] of Object.entries(ATTACKS)) {
      const found = await idp.watch(() => learnt(page, attack, rebound))
      // It is of one origin, so the page can read that it is refused.
      expect([name, /"items"|"epoch"|open|loaded/.test(found)]).toEqual([name, false])
      expect([name, await state(idp)]).toEqual([name, before])
    }
    // Each of them got there.
    expect(idp.answered.length).toBeGreaterThanOrEqual(Object.keys(ATTACKS).length)
    expect(idp.answered.filter((each) => !each.startsWith('421 '))).toEqual([])
  })

  it('changes nothing by sending the person along, who is told and can go on', async (context) => {
    await using browser = await launchChromium(context, FLAGS)
    await using idp = await begin()
    await using app = await listen()
    app.serve((_request, response) => void response.setHeader('content-type', 'text/html').end(ATTACKER))
    const page = await browser.newPage()
    await page.goto(app.url.replace('localhost', 'evil.test'))
    const before = await state(idp)
    const submit = `document.body.innerHTML = '<form method="post" enctype="text/plain" action="${idp.url}/_mock/reset"></form>'; document.forms[0].submit()`
    await Promise.all([page.waitForURL(`${idp.url}/_mock/reset`), page.evaluate(submit)])
    expect(await page.locator('[data-testid=problem]').textContent()).toMatch(/evil\.test.* may not drive/)
    expect(await state(idp)).toEqual(before)
    await page.getByRole('link', { name: 'Open the inspector' }).click()
    await page.getByTestId('clock-1d').click()
    await page.getByText('2030-02-01 08:15:00Z').waitFor()
    expect(idp.clock.now()).toBe(Date.parse('2030-02-01T08:15:00Z'))
  })
})
