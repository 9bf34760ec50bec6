/** What must be so after every command: the provider says of every token what the model says. */
import { expect } from 'vitest'
import type { Model, Token } from './model.ts'
import type { Real } from './real.ts'

/** Holds tokens against the model: those that can have changed, and in the end all. */
export async function agree(model: Model, real: Real, which: 'changing' | 'all' = 'changing'): Promise<void> {
  const tokens = model.tokens.filter(({ settled }) => which === 'all' || !settled)
  const said = await Promise.all(tokens.map(({ text }) => real.introspect(text, 'api')))
  expect(said.map(({ body }) => seen(body))).toEqual(tokens.map((token) => expected(token, model)))
  // Nothing that was over comes back: these are looked at again in the end.
  for (const token of tokens) token.settled = !model.isActive(token)
}

/** The same of userinfo, which needs a live access token with the scope openid. */
export async function agreeOnUserinfo(token: Token, model: Model, real: Real): Promise<void> {
  const { status, body } = await real.userinfo(token.text)
  if (token.kind === 'refresh' || !model.isActive(token)) {
    expect([status, body.error]).toEqual([401, 'invalid_token'])
  } else if (!token.scopes.includes('openid')) {
    expect([status, body.error]).toEqual([403, 'insufficient_scope'])
  } else {
    const about = (await real.introspect(token.text, 'api')).body
    expect([status, body.sub, body.sub]).toEqual([200, subOf(token), about.sub])
  }
}

/** What introspection must say of a token. */
function expected(token: Token, model: Model): Record<string, unknown> {
  if (!model.isActive(token)) return { active: false }
  const { client } = token.grant.request
  const about = { active: true, client_id: client, exp: token.expires, scope: token.scopes.join(' ') }
  return token.kind === 'refresh'
    ? { ...about, username: token.grant.session.user }
    : { ...about, sub: subOf(token) }
}

function subOf({ grant }: Token): string {
  return `sub-of-${grant.session.user}`
}

/** Of an inactive token nothing else may be told; of an active one this is compared. */
function seen(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (body['active'] !== true) return body
  const names = ['active', 'client_id', 'exp', 'scope', 'sub', 'username']
  return Object.fromEntries(names.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])))
}
