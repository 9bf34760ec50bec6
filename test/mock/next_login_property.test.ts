import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask } from '../support/control_calls.ts'
import { nextLogin, waiting } from '../support/next_login.ts'
import { RelyingParty, startOp } from '../support/relying_party.ts'

const client = fc.constantFrom('client', 'client2')

/** Whom each of them is for; undefined: whichever client comes. */
const queue = fc.array(fc.option(client, { nil: undefined }), { maxLength: 12 })

/** Who comes, all at once. */
const arrivals = fc.array(client, { maxLength: 12 })

type Idp = Awaited<ReturnType<typeof startOp>>

/** Which of them a request got; undefined: the login page. */
async function gotBy(id: string, { issuer }: Idp): Promise<readonly [string, string | undefined]> {
  const rp = new RelyingParty(issuer, { type: 'code', mode: 'default' }, id)
  const page = await rp.open()
  return [id, page.left === undefined ? undefined : rp.received(page)['error']]
}

describe('next-login under parallel authorization requests', () => {
  it('uses each exactly once, for a client that it is for, and none is left whom one waits for', async () => {
    await using idp = await startOp()
    await fc.assert(
      fc.asyncProperty(queue, arrivals, async (said, came) => {
        await ask('POST', `${idp.url}/_mock/reset`)
        const named = said.map((id, at) => ({ ...(id && { client: id }), error: `login_${at}` }))
        for (const login of named) await nextLogin(idp, login)
        const got = await Promise.all(came.map((id) => gotBy(id, idp)))
        const left = (await waiting(idp)) as typeof named
        const used = got.flatMap(([, error]) => error ?? [])
        const all = [...used, ...left.map(({ error }) => error)]
        expect(all.toSorted()).toEqual(named.map(({ error }) => error).toSorted())
        for (const [id, error] of got) {
          const mine = named.find((login) => login.error === error)
          if (error === undefined) expect(left.filter((login) => (login.client ?? id) === id)).toEqual([])
          else expect(mine?.client ?? id).toBe(id)
        }
      }),
      { numRuns: 60 },
    )
  })
})
