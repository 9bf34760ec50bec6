/** The document that describes the control API: it lists what answers, nothing else does, and answers are as it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { basic, get } from '../support/http.ts'
import { misfits } from '../support/json_schema.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly parameters: readonly { name: string; in: 'path' | 'query'; required?: boolean; schema: object }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: Readonly<
    Record<string, { description: string; content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

interface Document {
  readonly openapi: string
  readonly security: unknown
  readonly info: { readonly title: string; readonly version: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const CALLBACK = 'http://localhost:3000/callback'

const CONFIG = {
  server: { tls: {} },
  users: [{ username: 'alice', password: 'a-password' }],
  resources: [{ identifier: 'https://api.example.test' }],
  clients: [{ client_id: 'web', client_secret: 'a-secret', redirect_uris: [CALLBACK] }],
}

/** What stands for the names in a path, where it must be there: found in the list of the noun. */
const FOUND: Readonly<Record<string, readonly [list: string, member: string]>> = {
  '/_mock/grants/{id}': ['grants', 'id'],
  '/_mock/keys/{kid}': ['keys', 'kid'],
  '/_mock/sessions/{sid}': ['sessions', 'sid'],
  '/_mock/sandboxes/{id}': ['sandboxes', 'id'],
  '/_mock/users/{username}': ['users', 'username'],
  '/_mock/clients/{client_id}': ['clients', 'client_id'],
  '/_mock/resources/{identifier}': ['resources', 'identifier'],
}

/** What a call needs beside its path. */
const NEEDED: Readonly<Record<string, { readonly body?: object; readonly query?: string }>> = {
  'POST /_mock/client-certificates': { body: { client: 'web' } },
  'PUT /_mock/clients/{client_id}': { body: { client_secret: 'another' } },
  'PATCH /_mock/clients/{client_id}': { body: { client_name: 'Web' } },
  'POST /_mock/clock': { body: { advance: '5m' } },
  'GET /_mock/env': { query: '?kind=generic' },
  'PATCH /_mock/keys': { body: { cache_control: 'max-age=60' } },
  'PATCH /_mock/keys/{kid}': { body: { status: 'active' } },
  'PUT /_mock/next-login': { body: { user: 'alice' } },
  'PUT /_mock/resources/{identifier}': { body: { scopes: ['orders:read'] } },
  'PATCH /_mock/resources/{identifier}': { body: { scopes: ['orders:read'] } },
  'POST /_mock/tokens': { body: { client: 'web', user: 'alice', scope: 'openid' } },
  'PUT /_mock/users/{username}': { body: { email: 'alice@example.test' } },
  'PATCH /_mock/users/{username}': { body: { email: 'alice@example.test' } },
}

/** A key that signs cannot be taken away while it is the only one. */
const PREPARED: Readonly<Record<string, (idp: StartedIdp) => Promise<unknown>>> = {
  'DELETE /_mock/keys/{kid}': (idp) => send(idp, 'POST', '/_mock/keys/rotate', {}),
}

function send({ url }: StartedIdp, method: string, path: string, body?: object): Promise<Response> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return fetch(`${url}${path}`, { method, ...(body && json) })
}

/** A provider of which everything has happened that can be told. */
async function started(): Promise<StartedIdp> {
  const idp = await startIdp(CONFIG)
  await send(idp, 'POST', '/_mock/sandboxes', {})
  const params = { client_id: 'web', redirect_uri: CALLBACK }
  const { left } = await signIn(new Browser(idp.url), authorizeUrl(idp.issuer, params))
  const code = left?.searchParams.get('code') ?? ''
  await redeem(idp.issuer, { code, redirect_uri: CALLBACK }, basic('web', 'a-secret'))
  return idp
}

async function pathFor(idp: StartedIdp, key: string): Promise<string> {
  const path = key.split(' ')[1] ?? ''
  const [list, member] = FOUND[path] ?? []
  if (list === undefined || member === undefined) return path
  const { items } = (await get(`${idp.url}/_mock/${list}`)).body as { items: Record<string, string>[] }
  return path.replace(/\{\w+\}/, encodeURIComponent(items.at(-1)?.[member] ?? ''))
}

describe('GET /_mock/openapi.json', () => {
  let idp: StartedIdp
  let document: Document
  let operations: readonly (readonly [key: string, operation: Operation])[]
  beforeAll(async () => {
    idp = await started()
    document = (await get(`${idp.url}/_mock/openapi.json`)).body as unknown as Document
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    )
  })
  afterAll(() => idp.stop())

  it('is an OpenAPI 3.1 document that is whole in itself', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info.title).not.toBe('')
    expect(document.security).toEqual([{ token: [] }, {}])
    const ids = operations.map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([])
    const tags = document.tags.map(({ name }) => name)
    for (const [key, { tags: own, summary, parameters, responses }] of operations) {
      expect([key, own.every((tag) => tags.includes(tag)), summary === '']).toEqual([key, true, false])
      const named = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const inPath = parameters.filter((each) => each.in === 'path' && each.required === true)
      expect(inPath.map(({ name }) => name)).toEqual(named)
      const names = parameters.map((each) => `${each.in} ${each.name}`)
      expect(new Set(names).size).toBe(names.length)
      expect(Object.values(responses).every(({ description }) => description !== '')).toBe(true)
    }
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    )
    expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([])
    expect(text).not.toContain('"$schema"')
  })

  it('says what each call answers: a success is as it is described', async () => {
    for (const [key, { responses }] of operations) {
      const own = await started()
      await PREPARED[key]?.(own)
      const { body, query = '' } = NEEDED[key] ?? {}
      const [method = ''] = key.split(' ')
      const answer = await send(own, method, `${await pathFor(own, key)}${query}`, body)
      const described = responses['2XX']?.content?.['application/json']?.schema
      expect([key, answer.ok ? 'ok' : await answer.text()]).toEqual([key, 'ok'])
      const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
      // This document is described by the specification.
      expect([key, isJson]).toEqual([key, described !== undefined || key === 'GET /_mock/openapi.json'])
      const other = Object.keys(responses['2XX']?.content ?? {}).find((type) => type !== 'application/json')
      const came = answer.headers.get('content-type')?.split(';')[0]
      expect([key, other]).toEqual([key, isJson ? undefined : came])
      if (described !== undefined) expect([key, misfits(await answer.json(), described)]).toEqual([key, []])
      else await answer.body?.cancel()
      await own.stop()
    }
  })

  it('lists every method that a path takes, and refuses the others in a problem as described', async () => {
    const problem = document.components.schemas['Problem']
    // The last word of a path can be a name that another path takes.
    const takesAsName = (method: string, path: string) =>
      Object.entries(document.paths).some(
        ([other, methods]) =>
          other !== path &&
          Object.hasOwn(methods, method.toLowerCase()) &&
          new RegExp(`^${other.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
      )
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (Object.hasOwn(methods, method.toLowerCase()) || takesAsName(method, path)) continue
        const answer = await send(idp, method, path.replace(/\{\w+\}/, 'some'))
        expect([method, path, answer.status]).toEqual([method, path, 405])
        expect(misfits(await answer.json(), problem)).toEqual([])
      }
    }
  })

  it.each([
    '/user',
    '/users/alice/x',
    '/keys/rotate/x',
    '/openapi',
    '/requests/1',
    '/__proto__',
    '/constructor',
  ])('lists no %s, and that is 404', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await send(idp, method, `/_mock${path}`)).status).toBe(404)
  })
})

describe('the address in the document', () => {
  const of = async (url: string, headers: Record<string, string> = {}) =>
    (await get(`${url}/_mock/openapi.json`, headers)).body['servers']

  it('is where the caller sees the provider: its paths are below a base path, and behind a proxy', async () => {
    await using idp = await startIdp({
      server: { base_path: '/auth', trust_proxy: true },
      control: { hosts: ['idp.example.test'] },
    })
    expect(await of(idp.url)).toEqual([{ url: idp.url }])
    expect(new URL(idp.url).pathname).toBe('/auth')
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'idp.example.test' }
    expect(await of(idp.url, { ...forwarded, 'x-forwarded-prefix': '/cut' })).toEqual([
      { url: 'https://idp.example.test/cut/auth' },
    ])
  })
})
