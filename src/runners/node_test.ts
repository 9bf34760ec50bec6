/** For the test runner of Node.js. @see https://nodejs.org/api/test.html */
import { AssertionError } from 'node:assert'
import { after, afterEach, before, beforeEach } from 'node:test'
import type { FindingFilter, SandboxOptions } from '../index.ts'
import { type Judged, toHaveNoFindings } from './findings.ts'
import type { ProviderOptions } from './provider.ts'
import { type Used, useHooks } from './use_idp.ts'

export type { Judged } from './findings.ts'
export type { ConnectTo, ProviderOptions } from './provider.ts'
export type { Used } from './use_idp.ts'

/**
 * A provider for the tests of this file or suite, and a sandbox for each of them.
 *
 * @example
 * const used = useIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
 * test('the API takes a token', async () => call(await used.idp.token({ client: 'orders' })))
 */
export function useIdp(options: ProviderOptions = {}, sandboxOptions: SandboxOptions = {}): Used {
  return useHooks({ beforeAll: before, afterAll: after, beforeEach, afterEach }, { options, sandboxOptions })
}

/** @throws AssertionError with what was wrong in what the clients of this provider or sandbox sent */
export async function assertNoFindings(idp: Judged, filter: FindingFilter = {}): Promise<void> {
  const { pass, message } = await toHaveNoFindings(idp, filter)
  if (!pass) throw new AssertionError({ message: message(), stackStartFn: assertNoFindings })
}
