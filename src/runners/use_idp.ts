/** A provider for the tests of a file, and a sandbox for each, by the hooks that runners have. */
import type { Idp, Sandbox, SandboxOptions } from '../index.ts'
import { type ProviderOptions, provider } from './provider.ts'

type Hook = (run: () => Promise<void>) => void

/** Those of the runner. */
export interface Hooks {
  readonly beforeAll: Hook
  readonly afterAll: Hook
  readonly beforeEach: Hook
  readonly afterEach: Hook
}

/** What is there while tests run. */
export interface Used {
  /** Of all tests of the file. */
  readonly idp: Idp
  /** Of the test that runs, and gone after it. Tests that run at the same time make their own: `idp.sandbox()`. */
  readonly sandbox: Sandbox
}

export interface Wanted {
  readonly options: ProviderOptions
  readonly sandboxOptions: SandboxOptions
}

export function useHooks(hooks: Hooks, { options, sandboxOptions }: Wanted): Used {
  let idp: Idp | undefined
  // A test that has tests of its own has its sandbox again after them.
  const sandboxes: Sandbox[] = []
  hooks.beforeAll(async () => {
    idp = await provider(options)
  })
  hooks.beforeEach(async () => {
    sandboxes.push(await there(idp, 'idp').sandbox(sandboxOptions))
  })
  hooks.afterEach(async () => {
    await sandboxes.pop()?.stop()
  })
  hooks.afterAll(async () => {
    await idp?.stop()
  })
  return {
    get idp() {
      return there(idp, 'idp')
    },
    get sandbox() {
      return there(sandboxes.at(-1), 'sandbox')
    },
  }
}

function there<T>(thing: T | undefined, name: string): T {
  if (thing !== undefined) return thing
  throw new Error(
    `${name} is not there yet: keep what useIdp gives, and read its ${name} inside a test, as in const used = useIdp(); test('…', () => used.${name})`,
  )
}
