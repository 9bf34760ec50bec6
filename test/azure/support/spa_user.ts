/** Users of a single-page application, in Chromium: it trusts the CAs of the tests and reaches nothing but this machine. */
import { createHash, X509Certificate } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { ADA } from './contoso.ts'
import { CA } from './entra.ts'
import type { Outcome } from './sdk.ts'
import { APPLICATION_CA, type Spa } from './spa.ts'

const HERE = ['localhost', '127.0.0.1']

/** A certificate as Chromium is told whom to trust: its public key. */
function pinOf(pem: string): string {
  const der = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('base64')
}

interface Trust {
  /** In PEM. */
  readonly cas?: readonly string[]
  /** Hosts that are Entra here. */
  readonly hosts?: readonly string[]
}

const BOTH = [APPLICATION_CA, CA]

function flagsOf({ cas = BOTH, hosts = [] }: Trust, port: number): string[] {
  const rules = [
    ...hosts.map((host) => `MAP ${host}:443 127.0.0.1:${port}`),
    'MAP * ~NOTFOUND',
    ...HERE.map((host) => `EXCLUDE ${host}`),
  ]
  return [
    `--ignore-certificate-errors-spki-list=${cas.map(pinOf).join(',')}`,
    `--host-resolver-rules=${rules.join(', ')}`,
  ]
}

/** Somebody who has opened the application. */
export class SpaUser {
  readonly page: Page
  readonly #context: BrowserContext
  readonly #spa: Spa
  readonly #escaped: string[] = []

  constructor(page: Page, spa: Spa, known: ReadonlySet<string>) {
    this.page = page
    this.#context = page.context()
    this.#spa = spa
    this.#context.on('request', (request) => {
      const { hostname } = new URL(request.url())
      if (!known.has(hostname)) this.#escaped.push(hostname)
    })
  }

  /** What the page was opened with. */
  arrived(): Promise<Outcome> {
    return this.page.evaluate('arrived')
  }

  /** Calls a method of MSAL, which leaves the page where it is. */
  take(name: string, request: object = {}): Promise<Outcome> {
    return this.page.evaluate(`take(${JSON.stringify(name)}, ${JSON.stringify(request)})`)
  }

  /** Calls one that leaves it, and does what the page of Entra is for. */
  async leave(name: string, request: object, press = `user-${ADA}`): Promise<Outcome> {
    await this.page.evaluate(`void take(${JSON.stringify(name)}, ${JSON.stringify(request)})`)
    await this.page.getByTestId(press).click()
    await this.page.waitForURL(`${this.#spa.url}/`)
    return await this.arrived()
  }

  /** Calls one that opens a window, and does what the page there is for. */
  async popup(name: string, request: object, press = `user-${ADA}`): Promise<Outcome> {
    const opened = this.page.waitForEvent('popup')
    const outcome = this.take(name, request)
    await (await opened).getByTestId(press).click()
    return await outcome
  }

  /** Another window of the same browser. */
  newPage(): Promise<Page> {
    return this.#context.newPage()
  }

  /** Hosts elsewhere that would have been called; forgotten then. */
  takeEscaped(): string[] {
    return this.#escaped.splice(0)
  }

  /** @throws Error where somebody outside would have been called and the test did not know */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close()
    if (this.#escaped.length > 0) throw new Error(`called outside: ${this.#escaped.join(', ')}`)
  }
}

const browsers = new Map<string, Browser>()

/** For the end of a test file. */
export async function closeBrowsers(): Promise<void> {
  const open = [...browsers.values()]
  browsers.clear()
  await Promise.all(open.map((browser) => browser.close()))
}

/** One browser for all who trust the same. */
async function browserWith(flags: readonly string[], context: TestContext): Promise<Browser> {
  const id = flags.join()
  const browser = browsers.get(id) ?? (await launchChromium(context, flags))
  browsers.set(id, browser)
  return browser
}

/** Opens the application as somebody whom no page has seen before. Without Chromium the test is skipped. */
export async function openSpa(context: TestContext, spa: Spa, trust: Trust = {}): Promise<SpaUser> {
  const browser = await browserWith(flagsOf(trust, spa.entra.port), context)
  const page = await (await browser.newContext()).newPage()
  const user = new SpaUser(page, spa, new Set([...HERE, ...(trust.hosts ?? [])]))
  await page.goto(spa.url)
  return user
}
