/** The way to a token that makes no call: a test suite may want thousands. */
import * as v from 'valibot'
import type { TokenRequest } from '../api.ts'
import { freeForm } from '../config/free_form.ts'
import { mint } from '../mint.ts'
import { parseDuration } from '../protocol/duration.ts'
import { isTooDeep } from '../protocol/json.ts'
import type { Running } from '../provider.ts'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText)
const anyClaims = freeForm()

/** What can be wrong with a value is for the call to say. */
const CHECKS: Readonly<Record<string, Check>> = {
  client: isText,
  user: isText,
  tenant: isText,
  scope: isText,
  resource: (value) => isText(value) || isTexts(value),
  audience: (value) => isText(value) || isTexts(value),
  roles: isTexts,
  claims: (value) => v.is(anyClaims, value) && !isTooDeep(value),
  lifetime: (value) => isText(value) || Number.isFinite(value),
}

/** Undefined for what the call refuses, or may refuse: it says why, in the same words here and over HTTP. */
export function nearMint({ world, context }: Running) {
  return async (request: TokenRequest): Promise<string | undefined> => {
    const isPlain = Object.entries(request).every(
      ([name, value]) => value === undefined || (Object.hasOwn(CHECKS, name) && CHECKS[name]?.(value)),
    )
    const { tenant, lifetime, ...asked } = request
    const resident = isPlain ? world.resident(tenant) : undefined
    if (resident === undefined) return undefined
    try {
      const seconds = lifetime === undefined ? undefined : parseDuration(lifetime)
      return (await mint({ ...asked, lifetime: seconds }, context(resident.tenant))).text
    } catch {
      return undefined
    }
  }
}
