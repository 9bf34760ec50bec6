/** The inspector in a real browser while things go on: it keeps up, and takes nothing away from who reads or writes. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { launchChromium } from '../support/chromium.ts'
import { get } from '../support/http.ts'
import { login, ownToken, start } from '../support/inspector.ts'

const focused = (page: Page) =>
  page.evaluate('document.activeElement?.dataset.testid ?? document.activeElement?.tagName')

describe('an inspector that is open', () => {
  it('keeps up with traffic that never pauses', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    const page = await browser.newPage()
    // Something comes every 30 ms.
    await page.addInitScript(`window.EventSource = class extends EventTarget {
      constructor() { super(); setInterval(() => this.dispatchEvent(new Event('request')), 30) }
    }`)
    await page.goto(`${idp.url}/_mock/`)
    await ownToken(idp)
    await page.getByTestId('flow-1').waitFor()
  })

  it('tells how long a token is still good after the clock was moved', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await login(idp)
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/?request=4`)
    const token = page.getByTestId('token-id_token')
    await token.locator('summary').click()
    await page.getByTestId('clock-1d').click()
    await token.getByText(/^expired 23 h/).waitFor()
    await page
      .getByTestId('claims-access_token')
      .getByText(/· 23 h .*ago/)
      .waitFor()
    expect(await token.locator('details').getAttribute('open')).toBe('')
  })

  it('shows how things are when a person comes back to it', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/`)
    await idp.clock.set('2031-02-03T04:05:06Z')
    await idp.clock.freeze()
    await page.evaluate(`dispatchEvent(new Event('focus'))`)
    await page.getByText('2031-02-03 04:05:06Z').waitFor()
    await page.getByText('stands still').waitFor()
  })

  it('leaves the focus where it was, or at what took its place', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await login(idp)
    await login(idp)
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/?view=sessions`)
    await page.getByTestId('clock-freeze').press('Enter')
    await page.getByTestId('clock-release').waitFor()
    expect(await focused(page)).toBe('clock-release')
    const ends = page.getByRole('button', { name: 'End: the session of alice' })
    const second = await ends.nth(1).getAttribute('data-testid')
    await ends.nth(0).press('Enter')
    await ends.nth(1).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(second)
  })

  it('leaves what is read where it is on the screen', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    for (let count = 0; count < 30; count += 1) await ownToken(idp)
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/`)
    const read = page.getByTestId('flow-10')
    await page.evaluate(`document.querySelector('[data-testid=flow-10]').scrollIntoView()`)
    const before = await read.boundingBox()
    await ownToken(idp)
    await page.getByTestId('flow-31').waitFor()
    expect(Math.abs(((await read.boundingBox())?.y ?? 99) - (before?.y ?? -99))).toBeLessThan(2)
  })

  it('says so when nothing is followed any more', async (context) => {
    await using browser = await launchChromium(context)
    const idp = await start()
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/`)
    await idp.stop()
    await page.getByTestId('said').getByText('does not follow any more').waitFor()
  })
})

describe('what a person does in the inspector', () => {
  it('is no reset by a double click', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await ownToken(idp)
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/`)
    await page.getByTestId('reset').dblclick()
    await page.getByTestId('reset').getByText('Forget all and reset?').waitFor()
    await page.getByTestId('clock-5m').click()
    await page.getByTestId('clock-5m').waitFor()
    expect((await get(`${idp.url}/_mock/requests`)).body['items']).toHaveLength(1)
  })

  it('stays in a form that is refused, and leaves one that is done', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/?view=users`)
    const user = page.getByTestId('next-user')
    await user.fill('alise')
    await page.getByTestId('next-set').click()
    await page.getByTestId('said').getByText('no user alise').waitFor()
    expect(await user.inputValue()).toBe('alise')
    await user.fill('alice')
    await page.getByTestId('next-set').click()
    await page.getByTestId('waiting').getByText('alice signs in').waitFor()
    await expect.poll(() => user.inputValue()).toBe('')
  })

  it('goes back to the tenant that the page is about', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await startIdp({ tenants: { one: {}, two: {}, three: {} } })
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/?tenant=two`)
    await page.getByTestId('tenant').selectOption('three')
    await page.waitForURL(/tenant=three/)
    await page.goBack()
    await page.waitForURL(/tenant=two/)
    expect(await page.getByTestId('tenant').inputValue()).toBe('two')
  })

  it('is seen by its words also beside values that are long', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await startIdp({
      users: [
        { username: 'alice', name: 'Alice Liddell', email: 'alice@example.test' },
        { username: 'x'.repeat(150), roles: ['y'.repeat(120)] },
      ],
    })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${idp.url}/_mock/?view=users`)
    for (const text of ['Alice Liddell', 'Sign in next', 'alice@example.test']) {
      const { height = 99 } = (await page.getByText(text).first().boundingBox()) ?? {}
      expect([text, height < 34]).toEqual([text, true])
    }
  })
})
