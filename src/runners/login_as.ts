/** A login by a browser, through the application's own way to the provider. */
import type { Idp } from '../index.ts'

/** As much of a page of Playwright as is used: of any of its packages and browsers. */
export interface PlaywrightPage {
  url(): string
  goto(url: string): Promise<unknown>
  waitForURL(url: (url: { readonly href: string }) => boolean, options: { timeout: number }): Promise<unknown>
  waitForEvent(event: 'domcontentloaded', options: { timeout: number }): Promise<unknown>
  locator(selector: string): PlaywrightLocator
  context(): { clearCookies(filter: { name: RegExp }): Promise<unknown> }
}

export interface PlaywrightLocator {
  first(): PlaywrightLocator
  count(): Promise<number>
  click(): Promise<unknown>
  fill(value: string): Promise<unknown>
  textContent(): Promise<string | null>
  waitFor(options: { state: 'attached'; timeout: number }): Promise<unknown>
}

export interface LoginOptions {
  /** A page of the application that asks for a login, such as its login route; default `/`. */
  readonly url?: string | undefined
  /** What begins the login where no address does, such as a click on the application's button. */
  readonly start?: (() => Promise<unknown>) | undefined
  /** Where a password is asked for. */
  readonly password?: string | undefined
  /**
   * Says there who signs in next, so that no page is shown; for `client` alone, where that is given. Only for a provider
   * or sandbox in which no other test signs in meanwhile: it would be taken for this user.
   */
  readonly idp?: Pick<Idp, 'nextLogin'> | undefined
  readonly client?: string | undefined
  /** Milliseconds that each page may take; default 30,000. */
  readonly timeout?: number | undefined
}

/** What is on each of the provider's pages that asks something, and on no page of an application. */
const ASKING = 'form input[type="hidden"][name="interaction"]'

/** What a page of the provider says is wrong with the request of the application. */
const REFUSED = 'p.problem[data-testid="error-description"]'

/** What it says is wrong with an answer, or why it asks. */
const PROBLEM = 'p.problem[data-testid="problem"]'

/**
 * Signs a user in: opens the application, which sends the browser to the provider, and answers there as a person would.
 * Tests that run at the same time need nothing of their own but a browser context, which is what Playwright gives them.
 *
 * @throws Error where no login page comes, and with what a page of the provider says is wrong. What the application is
 * told, such as that a user is locked, it shows itself
 * @example
 * await loginAs(page, 'alice')
 */
export async function loginAs(page: PlaywrightPage, user: string, options: LoginOptions = {}): Promise<void> {
  const { idp, client, url = '/', start = () => page.goto(url), timeout = 30_000 } = options
  // Whoever is signed in at the provider from before would be signed in again.
  await page.context().clearCookies({ name: /^idp_double_session\./ })
  if (idp !== undefined) await idp.nextLogin({ user, ...(client !== undefined && { client }) })
  await start()
  if (idp === undefined) await onePage(page, timeout)
  await assertNone(page, user, REFUSED)
  const asks = await isAsking(page)
  if (asks) await answer(page, { ...options, user, timeout })
  else if (idp === undefined) throw new Error(noPage(page, user, timeout))
}

/** Waits for a page of the provider. */
async function onePage(page: PlaywrightPage, timeout: number): Promise<void> {
  const something = page.locator(`${ASKING}, ${REFUSED}`).first()
  await something.waitFor({ state: 'attached', timeout }).catch(() => undefined)
}

/** @throws Error with what a page says is wrong */
async function assertNone(page: PlaywrightPage, user: string, problems: string): Promise<void> {
  const wrong = page.locator(problems)
  if ((await wrong.count()) === 0) return
  throw new Error(`${user} is not signed in: ${await wrong.first().textContent()}`)
}

async function isAsking(page: PlaywrightPage): Promise<boolean> {
  return (await page.locator(ASKING).count()) > 0
}

function noPage(page: PlaywrightPage, user: string, timeout: number): string {
  return `no login page of IdP Double came within ${timeout} ms for ${user}; the browser is at ${page.url()}. Give the url at which the application asks for a login, or start; use a new browser context where somebody is signed in already; and give idp where the provider shows no page (login.mode: auto)`
}

interface Answer extends LoginOptions {
  readonly user: string
  readonly timeout: number
}

/** Buttons by which a person goes on: allows what is asked for, has the second factor. */
const ONWARD = 'button[name="action"][value="allow"], button[name="action"][value="confirm"]'

/** Each page that asks something, one after the other. @throws Error with what a page says is wrong */
async function answer(page: PlaywrightPage, { user, password, timeout }: Answer): Promise<void> {
  while (true) {
    const asking = pathOf(page.url())
    const onward = page.locator(ONWARD).first()
    const button = (await onward.count()) > 0 ? onward : await filledIn(page, { user, password })
    await Promise.all([page.waitForEvent('domcontentloaded', { timeout }), button.click()])
    await assertNone(page, user, `${REFUSED}, ${PROBLEM}`)
    if (await isAsking(page)) continue
    const isElsewhere = ({ href }: { readonly href: string }) => pathOf(href) !== asking
    // A page that sends itself on to the application.
    if (!isElsewhere({ href: page.url() })) await page.waitForURL(isElsewhere, { timeout })
    return
  }
}

/** The button of the user, or that of the form with the name in it. */
async function filledIn(
  page: PlaywrightPage,
  { user, password }: { readonly user: string; readonly password: string | undefined },
): Promise<PlaywrightLocator> {
  const card = page.locator(`button[name="user"][value=${JSON.stringify(user)}]`).first()
  if ((await card.count()) > 0) return card
  await page.locator('input[name="username"]').first().fill(user)
  const field = page.locator('input[name="password"]').first()
  if (password !== undefined && (await field.count()) > 0) await field.fill(password)
  return page.locator('#sign-in').first()
}

function pathOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
