/** What is done in the browser: signing in, deciding, signing out. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { answerAt, type Page } from '../support/browser.ts'
import type { Step } from './commands.ts'
import { type AuthRequest, CLIENTS, type Model, type Outcome, type User, type Waiting } from './model.ts'
import type { Real } from './real.ts'

/** Which of a list: mostly one that is still good, now and then one that is spent, and mostly the newest. */
export interface Choice {
  readonly back: number
  readonly which: 'good' | 'spent' | 'any'
}

export const anyOf: fc.Arbitrary<Choice> = fc.record({
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
  which: fc.oneof(
    { weight: 6, arbitrary: fc.constant('good' as const) },
    { weight: 2, arbitrary: fc.constant('spent' as const) },
    { weight: 1, arbitrary: fc.constant('any' as const) },
  ),
})

type Test<T> = (one: T) => boolean

export function chosen<T>(
  list: readonly T[],
  { back, which }: Choice,
  test: { readonly good: Test<T>; readonly spent: Test<T> },
): T | undefined {
  const found = which === 'any' ? list : list.filter(test[which])
  return found.at(-1 - (back % found.length))
}

export function named({ back, which }: Choice): string {
  return `${which === 'any' ? 'good or not' : which}, ${back} back`
}

/** Holds what the browser shows against the outcome that the model expects, and remembers what it brought. */
function arrived(outcome: Outcome, page: Page, { model, real }: { model: Model; real: Real }): void {
  real.note(outcome.kind === 'error' ? outcome.error : outcome.kind)
  expect(shownBy(page)).toBe(outcome.kind === 'error' ? outcome.error : outcome.kind)
  if (outcome.kind === 'login' || outcome.kind === 'consent') model.wait(outcome, page)
  if (outcome.kind === 'code') model.addCode(outcome.grant, answerAt(page).get('code') ?? '')
}

const HEADINGS: Readonly<Record<string, string>> = { 'Sign in': 'login', 'Allow access': 'consent' }

function shownBy(page: Page): string {
  if (page.left !== undefined) return answerAt(page).get('error') ?? 'code'
  if (page.headers.get('x-mock-reason') === 'interaction.unknown') return 'gone'
  const heading = [...page.html.matchAll(/<h1[^>]*>([^<]*)/g)].at(-1)?.[1] ?? ''
  return HEADINGS[heading] ?? `${page.status} ${heading}`
}

const SCOPES = ['openid', 'read', 'write', 'offline_access']

const authRequest = (...prompts: readonly AuthRequest['prompt'][]): fc.Arbitrary<AuthRequest> =>
  fc.record({
    client: fc.constantFrom(...CLIENTS),
    scopes: fc.subarray(SCOPES, { minLength: 1 }),
    prompt: fc.constantFrom(...prompts),
    verifier: fc.constantFrom('a', 'b').map((letter) => letter.repeat(43)),
  })

const authorize = authRequest(undefined, undefined, 'none', 'login', 'consent').map(
  (request): Step => ({
    words: `${request.client} asks for ${request.scopes.join(' ')}, prompt ${request.prompt}`,
    applies: () => true,
    async run(model, real) {
      arrived(model.authorize(request), await real.authorize(request), { model, real })
    },
  }),
)

type Decision = (model: Model, page: Waiting) => Outcome

/** A decision on a page that was shown, maybe long ago, maybe for the second time. */
function onPage(
  words: string,
  kinds: readonly Waiting['kind'][],
  { fields, decide }: { fields: Record<string, string>; decide: Decision },
): fc.Arbitrary<Step> {
  return anyOf.map((pick) => {
    const find = ({ waiting }: Model) =>
      chosen(
        waiting.filter(({ kind }) => kinds.includes(kind)),
        pick,
        { good: ({ used }) => !used, spent: ({ used }) => used },
      )
    return {
      words: `${words} (page ${named(pick)})`,
      applies: (model) => find(model) !== undefined,
      async run(model: Model, real: Real) {
        const page = find(model) as Waiting
        const outcome = decide(model, page)
        arrived(outcome, await real.browser.submit(page.page, fields), { model, real })
      },
    }
  })
}

const signsIn = (user: 'alice' | 'bob') =>
  onPage(`${user} signs in`, ['login'], {
    fields: { user },
    decide: (model, page) => model.signIn(page, user),
  })

const allows = onPage('the user allows it', ['consent'], {
  fields: { action: 'allow' },
  decide: (model, page) => model.allow(page),
})

const denies = onPage('the user denies it', ['login', 'consent'], {
  fields: { action: 'deny' },
  decide: (model, page) => model.deny(page),
})

const logsOut = fc
  .record({ hinted: fc.boolean(), pick: anyOf, action: fc.constantFrom('logout', 'logout', 'stay') })
  .map(
    ({ hinted, pick, action }): Step => ({
      words: `the browser signs out, ${hinted ? `ID token ${named(pick)}` : 'without a hint'}; asked: ${action}`,
      applies: (model) => !hinted || model.idTokens.length > 0,
      async run(model, real) {
        const hint = hinted ? model.idTokens.at(-1 - (pick.back % model.idTokens.length)) : undefined
        const query = hint === undefined ? '' : `?${new URLSearchParams({ id_token_hint: hint.text })}`
        const page = await real.browser.open(`${real.url}/logout${query}`)
        const asks = model.asksToLogOut(hint)
        real.note(`logout ${asks ? action : 'at once'}`)
        expect(/<h1[^>]*>([^<]*)/.exec(page.html)?.[1]).toBe(asks ? 'Sign out' : 'You are signed out')
        if (asks) await real.browser.submit(page, { action })
        if (!asks || action === 'logout') model.logOut(hint)
      },
    }),
  )

/** All that a person does until the client has a code. */
export async function allTheWay(
  request: AuthRequest,
  user: User,
  { model, real }: { model: Model; real: Real },
): Promise<void> {
  let outcome = model.authorize(request)
  arrived(outcome, await real.authorize(request), { model, real })
  for (const kind of ['login', 'consent'] as const) {
    if (outcome.kind !== kind) continue
    const page = model.waiting.at(-1) as Waiting
    outcome = kind === 'login' ? model.signIn(page, user) : model.allow(page)
    const fields = kind === 'login' ? { user } : { action: 'allow' }
    arrived(outcome, await real.browser.submit(page.page, fields), { model, real })
  }
}

/** A login that nothing disturbs. */
export const login = fc.record({
  request: authRequest(undefined, 'login'),
  user: fc.constantFrom<User>('alice', 'bob'),
})

const forgets: fc.Arbitrary<Step> = fc.constant({
  words: 'the browser forgets its cookies',
  applies: () => true,
  async run(model, real) {
    real.browser.cookies.clear()
    model.current = undefined
  },
})

export const browserSteps: readonly fc.Arbitrary<Step>[] = [
  authorize,
  authorize,
  authorize,
  signsIn('alice'),
  signsIn('alice'),
  signsIn('bob'),
  allows,
  allows,
  denies,
  logsOut,
  forgets,
]
