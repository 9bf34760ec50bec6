/** For Playwright. @see https://playwright.dev/docs/test-fixtures */
import { createRequire } from 'node:module'
import type {
  BrowserContext,
  BrowserContextOptions,
  Expect,
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  TestType,
} from '@playwright/test'
import type { FindingFilter, Idp, Sandbox, SandboxOptions } from '../index.ts'
import { type Judged, toHaveNoFindings } from './findings.ts'
import { type LoginOptions, loginAs } from './login_as.ts'
import { lend, type ProviderOptions, provider } from './provider.ts'

export type { Judged } from './findings.ts'
export { type LoginOptions, loginAs, type PlaywrightLocator, type PlaywrightPage } from './login_as.ts'
export type { ConnectTo, ProviderOptions } from './provider.ts'

/** Cookies and storage of somebody who is signed in. */
export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

export interface IdpFixtures {
  /** What the sandbox has beside the configuration; `test.use({ sandboxOptions: … })`. */
  readonly sandboxOptions: SandboxOptions
  /** A tenant of the test's own, gone after it. */
  readonly sandbox: Sandbox
  /** Signs a user in at the application once for each worker, and gives what a browser context needs to be signed in. */
  readonly stateOf: (user: string, options?: LoginOptions) => Promise<StorageState>
}

export interface IdpWorkerFixtures {
  /** What to start, or the `url` of what to connect to; in the `use` of the configuration. */
  readonly idpOptions: ProviderOptions
  /** The provider of the worker. */
  readonly idp: Idp
  /** Who is signed in already. */
  readonly idpStates: Map<string, Promise<StorageState>>
}

type IdpTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & IdpFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & IdpWorkerFixtures
>

/** The matchers of this module. */
export interface IdpMatchers {
  /** What the clients of this provider or sandbox sent has nothing wrong; `await expect(sandbox).toHaveNoFindings()`. */
  toHaveNoFindings(idp: Judged, filter?: FindingFilter): ReturnType<typeof toHaveNoFindings>
}

type Runner = typeof import('@playwright/test')

/** Who has Playwright as a library has no runner: loginAs needs none. */
function runner(): Runner | undefined {
  try {
    return createRequire(import.meta.url)('@playwright/test')
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function without(): never {
  throw new Error(
    'test and expect of idp-double/playwright need the package @playwright/test, which is not installed',
  )
}

function extended({ test: base }: Runner): IdpTest {
  return base.extend<IdpFixtures, IdpWorkerFixtures>({
    idpOptions: [{}, { option: true, scope: 'worker' }],
    sandboxOptions: [{}, { option: true }],
    idp: [async ({ idpOptions }, use) => await lend(await provider(idpOptions), use), { scope: 'worker' }],
    sandbox: async ({ idp, sandboxOptions }, use) => await lend(await idp.sandbox(sandboxOptions), use),
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what the fixture needs
    idpStates: [async ({}, use) => await use(new Map()), { scope: 'worker' }],
    stateOf: async (
      { browser, baseURL, ignoreHTTPSErrors, extraHTTPHeaders, httpCredentials, proxy, idpStates },
      use,
    ) => {
      // Playwright has not yet made its options those of every context: a test may ask for its state among them.
      const how = given({ baseURL, ignoreHTTPSErrors, extraHTTPHeaders, httpCredentials, proxy })
      await use((user, options = {}) => {
        const key = JSON.stringify([user, how, options.url, options.client])
        const known = idpStates.get(key) ?? stateIn(() => browser.newContext(how), user, options)
        idpStates.set(key, known)
        return known
      })
    },
  })
}

/** Those that are set. */
function given(options: { readonly [Name in keyof BrowserContextOptions]: unknown }): BrowserContextOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Signs in by a browser context that is closed again. */
async function stateIn(
  open: () => Promise<BrowserContext>,
  user: string,
  options: LoginOptions,
): Promise<StorageState> {
  const context = await open()
  try {
    await loginAs(await context.newPage(), user, options)
    return await context.storageState()
  } finally {
    await context.close()
  }
}

const found = runner()

/** Playwright's test with a provider for each worker, and a sandbox for each test that asks for one. */
export const test: IdpTest = found === undefined ? (without as unknown as IdpTest) : extended(found)

/** Playwright's expect with `toHaveNoFindings`. */
export const expect: Expect<IdpMatchers> =
  found === undefined
    ? (without as unknown as Expect<IdpMatchers>)
    : found.expect.extend({ toHaveNoFindings })
