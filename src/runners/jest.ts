/** For Jest. @see https://jestjs.io/docs/setup-teardown */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import type { FindingFilter, SandboxOptions } from '../index.ts'
import { toHaveNoFindings } from './findings.ts'
import type { ProviderOptions } from './provider.ts'
import { type Used, useHooks } from './use_idp.ts'

export type { ConnectTo, ProviderOptions } from './provider.ts'
export type { Used } from './use_idp.ts'

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>> {
    /** What the clients of this provider or sandbox sent has nothing wrong; `await expect(sandbox).toHaveNoFindings()`. */
    toHaveNoFindings(filter?: FindingFilter): Promise<R>
  }
}

declare global {
  // Where the types of Jest's global functions come from @types/jest.
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: the declaration that is merged has it
    interface Matchers<R, T = {}> {
      toHaveNoFindings(filter?: FindingFilter): Promise<T extends never ? never : R>
    }
  }
}

expect.extend({ toHaveNoFindings })

/**
 * A provider for the tests of this file or `describe`, and a sandbox for each of them.
 *
 * @example
 * const used = useIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
 * test('the API takes a token', async () => call(await used.idp.token({ client: 'orders' })))
 */
export function useIdp(options: ProviderOptions = {}, sandboxOptions: SandboxOptions = {}): Used {
  return useHooks({ beforeAll, afterAll, beforeEach, afterEach }, { options, sandboxOptions })
}
