/** Clients that verify tokens while the provider replaces its keys. */
import { createRemoteJWKSet, customFetch, type FetchImplementation, importSPKI, jwtVerify } from 'jose'
import jwksRsa from 'jwks-rsa'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { KeyCalls, kidOf } from '../support/key_calls.ts'

const start = () => startIdp({ clients: [{ client_id: 'batch', client_secret: 's3cret' }] })
type Idp = Awaited<ReturnType<typeof start>>

/** An HTTP cache that keeps an answer as long as its max-age says, by the provider's clock. */
function cachingFetch({ url }: Idp): FetchImplementation {
  let kept: { readonly text: string; readonly until: number } | undefined
  return async (address, options) => {
    const { epoch } = (await (await fetch(`${url}/_mock/clock`)).json()) as { epoch: number }
    if (kept === undefined || kept.until <= epoch) {
      const response = await fetch(address, options as RequestInit)
      const age = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1] ?? '0'
      kept = { text: await response.text(), until: epoch + Number(age) }
    }
    return new Response(kept.text, { headers: { 'content-type': 'application/json' } })
  }
}

/** An API that asks again for a key that it does not know, through that cache. */
function cachingApi(idp: Idp) {
  const jwks = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`), {
    cooldownDuration: 0,
    [customFetch]: cachingFetch(idp),
  })
  return async () => {
    const token = await idp.token({ client: 'batch' })
    return await jwtVerify(token, jwks, { issuer: idp.issuer, clockTolerance: '2d' }).then(
      () => 'verified',
      (error: { code: string }) => error.code,
    )
  }
}

describe('a client that keeps the JWKS for an hour, as max-age=3600 has it', () => {
  it('fails after a rotation at once, until the hour is over', async () => {
    await using idp = await start()
    const keys = new KeyCalls(idp)
    await keys.call('PATCH', '', { cache_control: 'max-age=3600' })
    const verify = cachingApi(idp)
    expect(await verify()).toBe('verified')
    await keys.rotate()
    expect(await verify()).toBe('ERR_JWKS_NO_MATCHING_KEY')
    await idp.clock.advance('59m')
    expect(await verify()).toBe('ERR_JWKS_NO_MATCHING_KEY')
    await idp.clock.advance('2m')
    expect(await verify()).toBe('verified')
  })

  it('never fails where the new key is published an hour before it signs', async () => {
    await using idp = await start()
    const keys = new KeyCalls(idp)
    await keys.call('PATCH', '', { cache_control: 'max-age=3600' })
    const verify = cachingApi(idp)
    expect(await verify()).toBe('verified')
    await keys.rotate({ step: 'publish' })
    expect(await verify()).toBe('verified')
    await idp.clock.advance('61m')
    expect(await verify()).toBe('verified')
    await keys.rotate({ step: 'activate' })
    expect(await verify()).toBe('verified')
    await idp.clock.advance('61m')
    await keys.rotate({ step: 'retire' })
    await keys.rotate({ step: 'withdraw' })
    expect(await verify()).toBe('verified')
  })
})

describe('jwks-rsa', () => {
  it('finds the key of each token while keys are replaced, and no longer one that was withdrawn', async () => {
    await using idp = await start()
    const keys = new KeyCalls(idp)
    const client = () => jwksRsa({ jwksUri: `${idp.issuer}/jwks.json`, cache: true })
    const caching = client()
    const verify = async (token: string, from = caching) => {
      const key = await from.getSigningKey(String(kidOf(token)))
      return (await jwtVerify(token, await importSPKI(key.getPublicKey(), 'RS256'))).payload.iss
    }
    const old = await idp.token({ client: 'batch' })
    expect(await verify(old)).toBe(idp.issuer)
    await keys.rotate()
    expect(await verify(await idp.token({ client: 'batch' }))).toBe(idp.issuer)
    expect(await verify(old, client())).toBe(idp.issuer)
    await keys.rotate({ step: 'retire' })
    await expect(verify(old, client())).rejects.toThrow(/Unable to find a signing key/)
  })
})
