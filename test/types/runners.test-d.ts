import type { Page } from '@playwright/test'
import type { Page as CorePage } from 'playwright-core'
import { describe, expect, expectTypeOf, it, type TestAPI } from 'vitest'
import type { Idp, Sandbox, SandboxOptions } from '../../src/index.ts'
import * as jest from '../../src/runners/jest.ts'
import * as nodeTest from '../../src/runners/node_test.ts'
import * as playwright from '../../src/runners/playwright.ts'
import * as vitest from '../../src/runners/vitest.ts'

const never = <T>() => ({}) as T

describe('idp-double/vitest', () => {
  it('has tests with fixtures, and a matcher', () => {
    expectTypeOf<keyof typeof vitest>().toEqualTypeOf<'idpTest' | 'test'>()
    expectTypeOf(vitest.idpTest).returns.toEqualTypeOf<TestAPI<vitest.IdpFixtures>>()
    void (() =>
      vitest.idpTest({ clients: [{ client_id: 'web' }] })('a title', ({ idp, sandbox }) => {
        expectTypeOf(idp).toEqualTypeOf<Idp>()
        expectTypeOf(sandbox).toEqualTypeOf<Sandbox>()
      }))
    void (() => vitest.idpTest({ url: process.env['IDP_DOUBLE_URL'], token: 't' }))
    // As with exactOptionalPropertyTypes, which this project has: variables may not be set.
    void (() =>
      vitest.idpTest({ url: process.env['IDP_DOUBLE_URL'], token: process.env['IDP_DOUBLE_TOKEN'] }))
    void (() => vitest.idpTest({ followTimers: true, configFile: 'idp-double.yaml' }))
    expectTypeOf(() => expect(never<Idp>()).toHaveNoFindings({ severity: 'error' })).returns.toEqualTypeOf<
      Promise<void>
    >()
    // @ts-expect-error a typing mistake
    void (() => vitest.idpTest({ clints: [] }))
  })
})

describe.each([
  ['idp-double/jest', jest.useIdp],
  ['idp-double/node-test', nodeTest.useIdp],
])('%s', () => {
  it('gives a provider and a sandbox', () => {
    expectTypeOf<keyof typeof jest>().toEqualTypeOf<'useIdp'>()
    expectTypeOf<keyof typeof nodeTest>().toEqualTypeOf<'assertNoFindings' | 'useIdp'>()
    expectTypeOf(jest.useIdp).toEqualTypeOf(nodeTest.useIdp)
    expectTypeOf(jest.useIdp).parameters.toEqualTypeOf<
      [options?: jest.ProviderOptions | undefined, sandboxOptions?: SandboxOptions | undefined]
    >()
    expectTypeOf<jest.Used>().toEqualTypeOf<{ readonly idp: Idp; readonly sandbox: Sandbox }>()
    void (() => nodeTest.assertNoFindings(never<Sandbox>(), { client: 'web' }))
  })
})

describe('idp-double/playwright', () => {
  it('has tests with fixtures, a login and a matcher', () => {
    expectTypeOf<keyof typeof playwright>().toEqualTypeOf<'expect' | 'loginAs' | 'test'>()
    void (() =>
      playwright.test('a title', async ({ page, idp, sandbox, stateOf }) => {
        expectTypeOf(page).toEqualTypeOf<Page>()
        expectTypeOf(idp).toEqualTypeOf<Idp>()
        expectTypeOf(sandbox).toEqualTypeOf<Sandbox>()
        expectTypeOf(stateOf).returns.resolves.toEqualTypeOf<playwright.StorageState>()
        await playwright.loginAs(page, 'alice')
        await playwright.expect(sandbox).toHaveNoFindings({ severity: 'error' })
      }))
    void (() => playwright.test.use({ sandboxOptions: { users: [{ username: 'a' }] } }))
    void (() => playwright.loginAs(never<CorePage>(), 'alice', { url: '/login', idp: never<Sandbox>() }))
    // @ts-expect-error no page
    void (() => playwright.loginAs('http://localhost', 'alice'))
  })
})
