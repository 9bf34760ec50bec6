/** What clients do with codes and tokens: their own, and others'. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Answer } from '../support/http.ts'
import { agreeOnUserinfo } from './agreement.ts'
import { allTheWay, anyOf, chosen, login, named } from './browser_steps.ts'
import type { Step } from './commands.ts'
import { CLIENTS, type ClientId, type Code, type Model, ROTATES, type Token } from './model.ts'
import type { Real } from './real.ts'

/** Mostly the client itself. */
const whose = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...CLIENTS) },
)

interface Asked {
  readonly grant: Token['grant']
  readonly scopes: readonly string[]
}

/** Holds a token answer against the error that the model expects, and remembers the tokens that it brought. */
function gave(
  { status, body }: Pick<Answer, 'status' | 'body'>,
  error: string | undefined,
  { asked, model }: { asked: Asked; model: Model },
) {
  if (error !== undefined) {
    expect([status, body.error, body.access_token, body.refresh_token]).toEqual([
      400,
      error,
      undefined,
      undefined,
    ])
    return
  }
  const { grant, scopes } = asked
  const isOpenId = grant.request.scopes.includes('openid')
  expect([status, body.error, body.scope, typeof body.id_token]).toEqual([
    200,
    undefined,
    scopes.join(' '),
    isOpenId ? 'string' : 'undefined',
  ])
  model.addToken('access', String(body.access_token), asked)
  model.addToken('refresh', String(body.refresh_token), { grant, scopes: grant.request.scopes })
  if (isOpenId) model.addIdToken(String(body.id_token), grant)
}

async function redeem(
  code: Code,
  { who, spoilt }: { who: ClientId; spoilt: string },
  { model, real }: { model: Model; real: Real },
): Promise<void> {
  const { verifier, scopes } = code.grant.request
  const error = model.redeem(code, who, spoilt === '')
  const answer = await real.redeem(code.text, who, `${verifier}${spoilt}`)
  gave(answer, error, { asked: { grant: code.grant, scopes }, model })
}

const redeems = fc
  .record({ pick: anyOf, by: whose, spoilt: fc.constantFrom('', '', '', '', 'x') })
  .map(({ pick, by, spoilt }): Step => {
    const find = (model: Model) =>
      chosen(model.codes, pick, {
        good: ({ used }) => !used,
        spent: ({ used, grant }) => used && model.isAlive(grant),
      })
    return {
      words: `${by ?? 'the client'} redeems a code, ${named(pick)}${spoilt && ', with a wrong verifier'}`,
      applies: (model) => find(model) !== undefined,
      async run(model, real) {
        const code = find(model) as Code
        await redeem(code, { who: by ?? code.grant.request.client, spoilt }, { model, real })
      },
    }
  })

/** From the request to the tokens: many of these, so that there are families to do things with. */
const signsInWhole = login.map(
  ({ request, user }): Step => ({
    words: `${user} signs in at ${request.client} for ${request.scopes.join(' ')}, prompt ${request.prompt}`,
    applies: () => true,
    async run(model, real) {
      await allTheWay(request, user, { model, real })
      const code = model.codes.at(-1) as Code
      await redeem(code, { who: request.client, spoilt: '' }, { model, real })
    },
  }),
)

const refreshes = fc
  .record({ pick: anyOf, by: whose, scope: fc.constantFrom('all', 'all', 'all', 'fewer', 'more') })
  .map(({ pick, by, scope }): Step => {
    const find = (model: Model) => {
      const tokens = model.tokens.filter(({ kind }) => kind === 'refresh')
      return chosen(tokens, pick, goodOrSpent(model))
    }
    return {
      words: `${by ?? 'the client'} refreshes with a token, ${named(pick)}, scope: ${scope}`,
      applies: (model) => find(model) !== undefined,
      async run(model, real) {
        const token = find(model) as Token
        const who = by ?? token.grant.request.client
        const asked = scopesOf(token, scope)
        const error = model.refresh(token, who, asked)
        const answer = await real.refresh(token.text, who, scope === 'all' ? '' : asked.join(' '))
        gave(answer, error, { asked: { grant: token.grant, scopes: asked }, model })
        if (error === undefined) expect(answer.body.refresh_token !== token.text).toBe(ROTATES.has(who))
      },
    }
  })

/** A token is spent while only its family lives on. */
function goodOrSpent(model: Model) {
  return {
    good: (token: Token) => model.isActive(token),
    spent: ({ over, grant }: Token) => over && model.isAlive(grant),
  }
}

/** The granted scope, a part of it, or one that nobody granted. */
function scopesOf({ scopes }: Token, which: string): readonly string[] {
  if (which === 'more') return [...scopes, scopes.includes('write') ? 'delete' : 'write']
  return which === 'fewer' ? scopes.slice(-1) : scopes
}

function onToken(
  words: string,
  run: (token: Token, by: ClientId | undefined, at: { model: Model; real: Real }) => Promise<void>,
): fc.Arbitrary<Step> {
  return fc.record({ pick: anyOf, by: whose }).map(({ pick, by }) => {
    const find = (model: Model) => chosen(model.tokens, pick, goodOrSpent(model))
    return {
      words: `${by ?? 'the client'} ${words} a token, ${named(pick)}`,
      applies: (model) => find(model) !== undefined,
      run: (model, real) => run(find(model) as Token, by, { model, real }),
    }
  })
}

const revokes = onToken('revokes', async (token, by, { model, real }) => {
  const who = by ?? token.grant.request.client
  const error = model.revoke(token, who)
  const { status, body } = await real.revoke(token.text, who)
  expect([status, body.error]).toEqual(error === undefined ? [200, undefined] : [400, error])
})

/** A client learns of its own tokens alone; a public one of none. */
const introspects = onToken('introspects', async (token, by, { model, real }) => {
  const { client } = token.grant.request
  const who = by ?? client
  const { status, body } = await real.introspect(token.text, who)
  if (who === 'spa') expect([status, body.error]).toEqual([401, 'invalid_client'])
  else expect([status, body.active]).toEqual([200, who === client && model.isActive(token)])
})

const asksUserinfo = onToken('asks userinfo with', (token, _, { model, real }) =>
  agreeOnUserinfo(token, model, real),
)

export const tokenSteps: readonly fc.Arbitrary<Step>[] = [
  ...Array<typeof signsInWhole>(4).fill(signsInWhole),
  redeems,
  redeems,
  ...Array<typeof refreshes>(6).fill(refreshes),
  revokes,
  introspects,
  asksUserinfo,
]
