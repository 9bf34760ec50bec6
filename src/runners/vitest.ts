/**
 * For Vitest: tests that are given a provider and a sandbox.
 * @see https://vitest.dev/guide/test-context.html#extend-test-context
 */
import { test as base, expect, type TestAPI } from 'vitest'
import type { FindingFilter, Idp, Sandbox, SandboxOptions } from '../index.ts'
import { toHaveNoFindings } from './findings.ts'
import { lend, type ProviderOptions, provider } from './provider.ts'

export type { ConnectTo, ProviderOptions } from './provider.ts'

/** What a test can ask for. */
export interface IdpFixtures {
  /** The provider of the worker. */
  readonly idp: Idp
  /** What the sandbox has beside the configuration; to be set by `test.extend`. */
  readonly sandboxOptions: SandboxOptions
  /** A tenant of the test's own, gone after it: tests may run at the same time. */
  readonly sandbox: Sandbox
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that is merged has it
  interface Matchers<T = any> {
    /** What the clients of this provider or sandbox sent has nothing wrong; `await expect(sandbox).toHaveNoFindings()`. */
    toHaveNoFindings(filter?: FindingFilter): Promise<T extends never ? never : void>
  }
}

expect.extend({ toHaveNoFindings })

/**
 * Tests with a provider of this configuration, started once for each worker; or connected to, where `url` says so.
 *
 * @example
 * const test = idpTest({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
 * test('the API takes a token', async ({ idp }) => call(await idp.token({ client: 'orders' })))
 */
export function idpTest(options: ProviderOptions = {}): TestAPI<IdpFixtures> {
  return base.extend<IdpFixtures>({
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what the fixture needs
    idp: [async ({}, use) => await lend(await provider(options), use), { scope: 'worker' }],
    sandboxOptions: {},
    sandbox: async ({ idp, sandboxOptions }, use) => await lend(await idp.sandbox(sandboxOptions), use),
  })
}

/** Tests with a provider of no clients and users: sandboxes bring them. */
export const test: TestAPI<IdpFixtures> = idpTest()
