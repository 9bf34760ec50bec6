/** Any order of what people and clients do; fast-check prints the seed and the shortest order that goes wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agree, agreeOnUserinfo } from './agreement.ts'
import { commands } from './commands.ts'
import { Model } from './model.ts'
import { startReal } from './real.ts'

const RUNS = Number(process.env['IDP_DOUBLE_TEST_MODEL_RUNS'] ?? 200)

/** What must have happened at least once, or the orders that were tried say little. */
const REACHED = [
  ...['login', 'consent', 'code', 'gone', 'login_required', 'consent_required', 'access_denied'],
  ...['logout at once', 'logout logout', 'logout stay'],
  ...['200', 'code.unknown', 'code.used', 'code.other_client', 'pkce.mismatch'].map((how) => `/token ${how}`),
  ...['unknown', 'reused', 'revoked', 'other_client'].map((how) => `/token refresh_token.${how}`),
  ...['/token scope.invalid', '/revoke 200', '/revoke token.other_client'],
]

describe('codes, tokens and sessions, whatever is done in whatever order', () => {
  it.each(['memory', 'slow'] as const)(
    'are as the model has them, in a store of the kind %s',
    async (store) => {
      const reached = new Map<string, number>()
      const law = async (steps: Iterable<fc.AsyncCommand<Model, Awaited<ReturnType<typeof startReal>>>>) => {
        const real = await startReal(store, reached)
        const model = new Model(real.clock.seconds())
        try {
          await fc.asyncModelRun(() => ({ model, real }), steps)
          await agree(model, real, 'all')
          for (const token of model.tokens) await agreeOnUserinfo(token, model, real)
        } finally {
          await real.stop()
        }
      }
      const numRuns = store === 'slow' ? Math.ceil(RUNS / 8) : RUNS
      await fc.assert(fc.asyncProperty(commands, law), { numRuns })
      if (process.env['IDP_DOUBLE_TEST_OUTCOMES'])
        console.log(
          store,
          [...reached].sort((a, b) => b[1] - a[1]),
        )
      if (store === 'memory') expect([...reached.keys()]).toEqual(expect.arrayContaining(REACHED))
    },
    600_000,
  )
})
