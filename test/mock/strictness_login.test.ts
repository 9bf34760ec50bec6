import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { startLogged } from '../support/logged.ts'
import { LOGIN_CLIENTS, LOGIN_MISTAKES } from '../support/login_mistakes.ts'

const TITLES = LOGIN_MISTAKES.map((mistake) => [mistake.check, mistake.what, mistake] as const)

function start(strictness: NonNullable<ConfigInput['strictness']>) {
  return startLogged({ strictness, clients: LOGIN_CLIENTS, users: [{ username: 'alice' }] })
}

describe('strictness where users sign in', () => {
  it.each(TITLES)('strict: %s refuses %s', async (_check, _what, { make, reason }) => {
    await using idp = await start('strict')
    expect(await make(idp.issuer)).toBe(reason)
    expect(idp.notes()).toEqual([])
  })

  it.each(TITLES)('warn and lax: %s lets %s pass, with one note', async (check, _what, { make }) => {
    for (const level of ['warn', 'lax'] as const) {
      await using idp = await start(level)
      expect(await make(idp.issuer)).toBeUndefined()
      const notes = idp.entries.flatMap(({ exchange }) => exchange.notes)
      expect(notes).toEqual([{ level, check, text: expect.any(String) }])
    }
  })

  it.each(TITLES)('a map: %s alone is what lets %s pass', async (check, _what, { make, reason }) => {
    await using only = await start({ default: 'strict', [check]: 'warn' })
    expect(await make(only.issuer)).toBeUndefined()
    await using allBut = await start({ default: 'lax', [check]: 'strict' })
    expect(await make(allBut.issuer)).toBe(reason)
  })
})
