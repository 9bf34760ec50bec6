/** What clients do wrong at the token endpoint: at least one mistake for each check there. */
import { expect } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import type { Check } from '../../src/protocol/checks.ts'
import { assertion, assertionForm, type ClientKey } from './assertion.ts'
import { basic, post } from './http.ts'

export const CLIENTS = [
  { client_id: 'orders', client_secret: 's3cret', scope: 'read' },
  { client_id: 'post-only', client_secret: 's3cret', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'no-grant', client_secret: 's3cret', grant_types: [] },
]
export const GRANT = { grant_type: 'client_credentials' }
export const ME = basic('orders', 's3cret')

interface Mistake {
  readonly check: Check
  readonly what: string
  readonly refusal: readonly [status: number, error: string]
  /** What it takes beside the usual configuration. */
  readonly config?: ConfigInput
  /** Sends the request; gives the last answer. */
  readonly send: (issuer: string, key: ClientKey) => Promise<Awaited<ReturnType<typeof post>>>
}

/** An assertion of the client `partner` with one mistake. */
const assert = (claims: object) => async (issuer: string, key: ClientKey) => {
  const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey, claims: { ...claims } })
  return await post(`${issuer}/token`, assertionForm(jwt))
}

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

export const MISTAKES: readonly Mistake[] = [
  {
    check: 'client_secret',
    what: 'a wrong secret',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('orders', 'wrong')),
  },
  {
    check: 'client_secret',
    what: 'no secret',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_id: 'orders' }),
  },
  {
    check: 'client_secret',
    what: 'no assertion',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_id: 'partner' }),
  },
  {
    check: 'client_certificate',
    what: 'no certificate',
    refusal: [401, 'invalid_client'],
    config: {
      server: { tls: { client_ca: 'auto' } },
      clients: [{ client_id: 'tls', tls_client_auth_subject_dn: 'CN=tls' }],
    },
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_id: 'tls' }),
  },
  {
    check: 'client_auth_method',
    what: 'a method that the client did not register',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('post-only', 's3cret')),
  },
  {
    check: 'client_auth_method',
    what: 'two methods at once',
    refusal: [400, 'invalid_request'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_secret: 's3cret' }, ME),
  },
  {
    check: 'grant_type',
    what: 'a grant that the client did not register',
    refusal: [400, 'unauthorized_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('no-grant', 's3cret')),
  },
  {
    check: 'scope',
    what: 'an unknown scope',
    refusal: [400, 'invalid_scope'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, scope: 'admin' }, ME),
  },
  {
    check: 'resource',
    what: 'an unknown resource',
    refusal: [400, 'invalid_target'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, resource: 'https://x.example' }, ME),
  },
  {
    check: 'content_type',
    what: 'a JSON body',
    refusal: [400, 'invalid_request'],
    send: (issuer) =>
      post(`${issuer}/token`, JSON.stringify(GRANT), { ...ME, 'content-type': 'application/json' }),
  },
  {
    check: 'duplicate_parameter',
    what: 'a parameter that comes twice',
    refusal: [400, 'invalid_request'],
    send: (issuer) => post(`${issuer}/token`, 'grant_type=client_credentials&scope=read&scope=read', ME),
  },
  {
    check: 'assertion_replay',
    what: 'an assertion that was used',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      expect((await post(`${issuer}/token`, assertionForm(jwt))).status).toBe(200)
      return await post(`${issuer}/token`, assertionForm(jwt))
    },
  },
  ...Object.entries({
    'another aud': { aud: 'https://x.example' },
    'no exp': { exp: undefined },
    'an exp in the past': { exp: soon(-600) },
    'an nbf ahead': { nbf: soon(600) },
    'no jti': { jti: undefined },
    'another sub': { sub: 'alice' },
  }).map(([what, claims]): Mistake => {
    return { check: 'client_assertion', what, refusal: [401, 'invalid_client'], send: assert(claims) }
  }),
  {
    check: 'client_assertion',
    what: 'no client_assertion_type',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const client_assertion = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      return await post(`${issuer}/token`, { ...GRANT, client_assertion })
    },
  },
  {
    check: 'client_assertion',
    what: 'another client_assertion_type',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      return await post(`${issuer}/token`, { ...assertionForm(jwt), client_assertion_type: 'urn:x' })
    },
  },
]
