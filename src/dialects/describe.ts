/** Turns a description into a dialect: templates are compiled here, once, when they are first used. */
import type { Hooks } from '../hooks.ts'
import { replyHook, responseHook } from './answer_hooks.ts'
import type { Description } from './description.ts'
import type { Dialect } from './dialect.ts'
import { changeHook } from './members_hook.ts'
import { claimsHook, headerHook, refreshTokenHook } from './token_hooks.ts'

/** The dialect, whose templates are compiled when a tenant first speaks it: a start pays for no other. */
export function describe(description: Description): Dialect {
  let hooks: Hooks | undefined
  return {
    ...settingsOf(description),
    get hooks() {
      hooks ??= hooksOf(description)
      return hooks
    },
  }
}

/** The description without its templates. */
function settingsOf(description: Description): Omit<Dialect, 'hooks'> {
  const {
    request,
    derive,
    extraClaims,
    headerFacts,
    claims,
    userClaims,
    idTokenClaims,
    header,
    refreshToken,
    ...more
  } = description
  const { metadata, jwk, reply, bodies, headers, errorHeaders, vars, errors, ...settings } = more
  return settings
}

/** @throws TypeError for a template that cannot be compiled */
function hooksOf(description: Description): Hooks {
  const { request, header, headerFacts, metadata, jwk, refreshToken } = description
  const changeKey = jwk && changeHook(jwk)
  return {
    request,
    claims: claimsHook(description),
    header: header && headerHook(header, headerFacts),
    text: refreshToken && refreshTokenHook(refreshToken),
    metadata: metadata && changeHook(metadata),
    jwks: changeKey && ((draft, at) => draft.map((key) => changeKey(key, at))),
    reply: replyHook(description),
    response: responseHook(description),
  }
}
