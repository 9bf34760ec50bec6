/** The inspector in a real browser: it follows what happens, its buttons work, and everybody can use it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { launchChromium } from '../support/chromium.ts'
import { get } from '../support/http.ts'
import { login, ownToken, start } from '../support/inspector.ts'

const VIEWS = [
  '',
  '?request=4',
  '?view=findings',
  '?view=users',
  '?view=clients',
  '?view=keys',
  '?view=sessions',
]

/** What the browser complains about: scripts that fail, what the policy refuses. */
function complaintsOf(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => void (message.type() !== 'log' && found.push(message.text())))
  page.on('pageerror', (error) => void found.push(error.message))
  return found
}

describe('the inspector in Chromium', () => {
  it('shows a request as it comes, without a reload', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    const page = await browser.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${idp.url}/_mock/`)
    await page.evaluate('window.isStillThere = true')
    await page.getByTestId('first-steps').waitFor()
    await ownToken(idp, 'another')
    await page.getByTestId('flow-1').getByText('client.secret_wrong').waitFor()
    await ownToken(idp)
    await page.getByTestId('request-2').click()
    await page.getByTestId('claims-access_token').getByText('Who issued the token').waitFor()
    await page.evaluate('window.isStillThere = true')
    await ownToken(idp)
    await page.getByTestId('flow-3').waitFor()
    expect(await page.evaluate('window.isStillThere')).toBe(true)
    expect(await page.getByTestId('view-activity').textContent()).toBe('Activity 3')
    expect(complaints).toEqual([])
  })

  it('drives the provider by its buttons', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await login(idp)
    const page = await browser.newPage()
    const complaints = complaintsOf(page)
    const at = (view: string) => page.goto(`${idp.url}/_mock/?view=${view}`)
    await at('keys')
    await page.getByTestId('clock-freeze').click()
    await page.getByTestId('clock-release').waitFor()
    const { epoch } = await idp.clock.now()
    await page.getByTestId('clock-1h').click()
    await expect.poll(async () => (await idp.clock.now()).epoch).toBe(epoch + 3600)
    await page.getByTestId('clock-release').click()
    await page.getByTestId('clock-freeze').waitFor()
    expect((await idp.clock.now()).frozen).toBe(false)
    await page.getByTestId('keys-rotate').click()
    await page.getByTestId('keys').getByText('published').waitFor()
    expect(await page.getByTestId('keys').locator('tbody tr').count()).toBe(2)
    await page.getByTestId('keys-withdraw').click()
    await page
      .getByTestId('said')
      .getByText(/retire first/)
      .waitFor()
    await at('users')
    await page.getByTestId('next-user').fill('alice')
    await page.getByTestId('next-how').selectOption({ label: 'refuses consent' })
    await page.getByTestId('next-set').click()
    await page.getByTestId('waiting').getByText('alice signs in').waitFor()
    await page.getByTestId('next-alice').click()
    await page.getByTestId('waiting').locator('li').nth(1).waitFor()
    await at('sessions')
    await page.getByRole('button', { name: 'End: the session of alice' }).click()
    await page.getByText('Nobody is signed in.').waitFor()
    await page.getByTestId('reset').click()
    await page.getByTestId('reset').getByText('Forget all and reset?').waitFor()
    await page.getByTestId('reset').click()
    await page.getByTestId('view-activity').getByText('0', { exact: true }).waitFor()
    const { body } = await get(`${idp.url}/_mock/keys`)
    expect((body['items'] as unknown[]).length).toBe(1)
    // What is refused is a failed request to the browser too.
    expect(complaints.filter((each) => !/status of 409/.test(each))).toEqual([])
  })

  it('asks for the token as a password where one is set', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await startIdp({ control: { token: 'a-token-of-ours' } })
    const own = await browser.newContext({
      httpCredentials: { username: 'anyone', password: 'a-token-of-ours' },
    })
    const page = await own.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${idp.url}/_mock/`)
    await page.getByTestId('clock-freeze').click()
    await page.getByTestId('clock-release').waitFor()
    expect(complaints).toEqual([])
  })

  it('is read and walked through by keyboard, and without a script', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await login(idp)
    const page = await browser.newPage()
    await page.goto(`${idp.url}/_mock/`)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('Tab')
    const outline = await page
      .locator(':focus')
      .evaluate((element) => getComputedStyle(element as never).outlineStyle)
    expect(outline).toBe('solid')
    await page.keyboard.press('Enter')
    await page.getByTestId('request-title').waitFor()
    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await plain.goto(`${idp.url}/_mock/`)
    await plain.getByTestId('search').fill('userinfo')
    await plain.getByTestId('find').click()
    expect(await plain.locator('.flow').count()).toBe(1)
    expect(await plain.getByTestId('reset').isVisible()).toBe(false)
  })
})

/** What of the text can hardly be read, by the ratio that WCAG asks for. */
const TOO_FAINT = `(() => {
  const channels = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = (text) => {
    const [r, g, b] = channels(text).map((each) => each / 255).map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element)
    const [, , , alpha = 1] = channels(backgroundColor)
    return alpha > 0.99 || element.parentElement === null ? backgroundColor : behind(element.parentElement)
  }
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!hasText || element.getClientRects().length === 0) return []
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a)
    const ratio = (one + 0.05) / (other + 0.05)
    return ratio < 4.5 ? [element.tagName + '.' + element.className + ' ' + ratio.toFixed(2)] : []
  })
})()`

/** Controls without a name, and headings that leave out a level. */
const UNNAMED = `(() => {
  const named = (each) => (each.getAttribute('aria-label') ?? each.textContent).trim() !== '' || (each.labels?.length ?? 0) > 0
  const controls = [...document.querySelectorAll('a, button, input:not([type=hidden]), select')].filter((each) => !named(each))
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].filter((each) => each.getClientRects().length > 0).map((each) => Number(each.tagName[1]))
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id)
  return [
    ...controls.map((each) => each.outerHTML),
    ...levels.filter((level, at) => level > (levels[at - 1] ?? 1) + 1).map((level) => 'h' + level + ' of ' + levels),
    ...ids.filter((id, at) => ids.indexOf(id) !== at),
    ...[...document.querySelectorAll('[aria-labelledby], [aria-describedby]')].flatMap((each) => {
      const id = each.getAttribute('aria-labelledby') ?? each.getAttribute('aria-describedby')
      return document.getElementById(id) === null ? [id] : []
    }),
  ]
})()`

describe.each(['light', 'dark'] as const)('the looks of the inspector, %s', (colorScheme) => {
  it.for([
    ['a phone', 360],
    ['a desktop', 1280],
  ] as const)('are legible on %s', async ([, width], context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await login(idp)
    await ownToken(idp, 'another')
    const own = await browser.newContext({ colorScheme, viewport: { width, height: 800 } })
    const page = await own.newPage()
    for (const view of VIEWS) {
      await page.goto(`${idp.url}/_mock/${view}`)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([view, overflow]).toEqual([view, 0])
      expect([view, await page.evaluate(TOO_FAINT)]).toEqual([view, []])
      expect([view, await page.evaluate(UNNAMED)]).toEqual([view, []])
    }
  })
})
