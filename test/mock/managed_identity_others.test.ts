import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { problemsIn } from '../support/configured.ts'
import { fileWith } from '../support/folder.ts'
import { get, post } from '../support/http.ts'
import { CONFIG, HEADER, MACHINE, ORDERS, STORAGE, verified } from '../support/managed_identity.ts'
import { claimsOf } from '../support/token.ts'

const METADATA = { metadata: 'true' }

describe('Cloud Shell', () => {
  it('gives a token to a form', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await post(`${idp.url}/cloudshell/token`, { resource: STORAGE }, METADATA)
    expect(status).toBe(200)
    const { exp } = await verified(idp, body['access_token'])
    expect(body).toMatchObject({ expires_on: String(exp), resource: STORAGE, token_type: 'Bearer' })
  })

  it('refuses in a form of its own', async () => {
    await using idp = await startIdp(CONFIG)
    const url = `${idp.url}/cloudshell/token`
    const unknown = await post(url, { resource: 'https://vault.example.test' }, METADATA)
    expect([unknown.status, unknown.body]).toEqual([
      400,
      { error: { code: 'AudienceNotSupported', message: expect.stringMatching(/^AADSTS500011: /) } },
    ])
    const bare = await post(url, { resource: STORAGE })
    expect([bare.status, bare.body]).toEqual([
      400,
      { error: { code: 'BadRequest', message: 'Required metadata header not specified' } },
    ])
    expect((await get(url, METADATA)).status).toBe(405)
  })
})

describe('Service Fabric', () => {
  const url = (base: string, more = '') =>
    `${base}/sf/token?api-version=2019-07-01-preview&resource=${encodeURIComponent(STORAGE)}${more}`

  it('gives a token to whoever has the secret', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(url(idp.url), { secret: HEADER })
    const { exp } = await verified(idp, body['access_token'])
    expect([status, body]).toEqual([
      200,
      {
        token_type: 'Bearer',
        access_token: expect.any(String),
        expires_on: String(exp),
        resource: STORAGE,
      },
    ])
  })

  it('refuses in a form of its own', async () => {
    await using idp = await startIdp(CONFIG)
    const codeOf = async (more: string, headers: Record<string, string>) => {
      const { body } = await get(url(idp.url, more), headers)
      const { code, correlationId, message } = body['error'] as Record<string, string>
      expect([correlationId, message]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), expect.any(String)])
      return code
    }
    expect(await codeOf('', {})).toBe('SecretHeaderNotFound')
    expect(await codeOf('', { secret: 'another' })).toBe('SecretHeaderNotFound')
    expect(await codeOf('&client_id=x', { secret: HEADER })).toBe('ManagedIdentityNotFound')
  })
})

describe('Azure Arc', () => {
  const arc_key_file = fileWith('machine.key', 'only-here\n')

  const config = { ...CONFIG, managed_identity: { ...CONFIG.managed_identity, arc_key_file } }
  const url = (base: string, more = '') =>
    `${base}/arc/token?api-version=2020-06-01&resource=${STORAGE}${more}`

  it('names the file with the key first, then takes its content', async () => {
    await using idp = await startIdp(config)
    const first = await get(url(idp.url), METADATA)
    expect([first.status, first.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm=/var/opt/azcmagent/tokens/machine.key',
    ])
    expect(first.body).toMatchObject({ error: expect.any(String), error_description: expect.any(String) })
    const wrong = await get(url(idp.url), { ...METADATA, authorization: 'Basic guessed' })
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, expect.any(String)])
    const second = await get(url(idp.url), { ...METADATA, authorization: 'Basic only-here' })
    expect(claimsOf(second)['oid']).toBe(MACHINE.object_id)
  })

  it('repeats the selector, without which clients do not believe the answer', async () => {
    await using idp = await startIdp(config)
    const more = `&msi_res_id=${encodeURIComponent(ORDERS.resource_id)}`
    const answer = await get(url(idp.url, more), { ...METADATA, authorization: 'Basic only-here' })
    expect(answer.body).toMatchObject({ msi_res_id: ORDERS.resource_id, client_id: ORDERS.client_id })
  })

  it('says what to do where no key file is configured', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, headers, body } = await get(url(idp.url), METADATA)
    expect([status, headers.has('www-authenticate')]).toEqual([400, false])
    expect(body['error_description']).toContain('set managed_identity.arc_key_file')
  })
})

describe('the configuration of managed identities', () => {
  it('has names and ids once, in any letter case', async () => {
    const identities = [
      { name: 'a', client_id: ORDERS.client_id },
      { name: 'b', client_id: ORDERS.client_id.toLowerCase(), object_id: ORDERS.object_id },
      { name: 'a', object_id: ORDERS.object_id, resource_id: '/subscriptions/x' },
      { name: 'c', resource_id: '/Subscriptions/X' },
    ]
    const id = ORDERS.client_id.toLowerCase()
    expect(await problemsIn({ dialect: 'entra', managed_identity: { identities } })).toEqual([
      'managed_identity.identities[2].name: name a is already that of identities[0]',
      `managed_identity.identities[1].client_id: client_id ${id} is already that of identities[0]`,
      `managed_identity.identities[2].object_id: object_id ${ORDERS.object_id} is already that of identities[1]`,
      'managed_identity.identities[3].resource_id: resource_id /subscriptions/x is already that of identities[2]',
    ])
  })

  it('has secrets from one place, in files that are there', async () => {
    const managed_identity = { header: 'a', header_file: 'header', arc_key_file: 'token.txt' }
    expect(await problemsIn({ dialect: 'entra', managed_identity })).toEqual([
      expect.stringMatching(/^managed_identity\.header_file: give header or header_file, not both/),
      expect.stringMatching(/^managed_identity\.header_file: /),
      expect.stringMatching(/^managed_identity\.arc_key_file: /),
      expect.stringMatching(/^managed_identity\.arc_key_file: .*names that end with \.key$/),
    ])
  })
})
