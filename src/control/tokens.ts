import * as v from 'valibot'
import { freeForm } from '../config/free_form.ts'
import { strict } from '../config/strict.ts'
import { mintAll } from '../mint.ts'
import { parseDuration } from '../protocol/duration.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type Json, objectOf } from '../protocol/json.ts'
import { call, type Noun } from './call.ts'
import { because } from './problem.ts'

const oneOrMore = () => v.union([v.string(), v.array(v.string())])

const request = () =>
  strict({
    client: v.pipe(v.string(), v.description('client_id of a declared client')),
    user: v.optional(
      v.pipe(v.string(), v.description('username of a declared user who signs in at the client')),
    ),
    resource: v.optional(oneOrMore()),
    audience: v.optional(oneOrMore()),
    scope: v.optional(v.pipe(v.string(), v.description('separated by spaces'))),
    roles: v.optional(v.array(v.string())),
    claims: v.optional(v.pipe(freeForm(), v.description('laid over all other claims'))),
    lifetime: v.optional(
      v.pipe(v.union([v.string(), v.number()]), v.description('`90s`, `5m`, `1h`, or seconds')),
    ),
  })

const answer = () =>
  strict({
    access_token: v.string(),
    token_type: v.literal('Bearer'),
    expires_in: v.number(),
    scope: v.optional(v.string()),
    claims: v.record(v.string(), v.any()),
    id_token: v.optional(v.string()),
  })

/** Tokens without a flow. */
export const tokens: Noun = {
  name: 'tokens',
  summary: 'Tokens without a flow',
  calls: [
    call({
      method: 'POST',
      path: '/tokens',
      summary: 'Signs an access token for a client, and an ID token where a user signs in with openid.',
      body: request,
      gives: answer,
      async answer({ body: { lifetime, ...asked } }, { resident, context }) {
        const cx = context(resident.tenant)
        const seconds = lifetime === undefined ? undefined : duration(lifetime)
        const minted = await refusable(() =>
          mintAll(
            { ...asked, claims: asked.claims as Record<string, Json> | undefined, lifetime: seconds },
            cx,
          ),
        )
        const { text, expires_in, scopes, claims } = minted.access_token
        const scope = scopes.length === 0 ? {} : { scope: scopes.join(' ') }
        const id_token = minted.id_token === undefined ? {} : { id_token: minted.id_token }
        return {
          json: {
            ...{ access_token: text, token_type: 'Bearer', expires_in, ...scope },
            ...{ claims: { ...objectOf(claims) }, ...id_token },
          },
        }
      },
    }),
  ],
}

function duration(written: string | number): number {
  try {
    return parseDuration(written)
  } catch (cause) {
    throw because(cause, 422, `lifetime: ${(cause as Error).message}`)
  }
}

/** What does not exist is told as such, and what no token can be made of. */
async function refusable<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (cause) {
    if (cause instanceof OAuthError || cause instanceof TypeError) throw because(cause, 422, cause.message)
    throw cause
  }
}
