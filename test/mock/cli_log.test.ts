import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createRequestLog } from '../../src/logging/request_log.ts'
import { start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'
import { basic, post } from '../support/http.ts'

const CANARY = 'canary-Zx81-s3cret-which-nobody-may-print'

const tenant = (dialect: string) => ({
  dialect,
  resources: [{ identifier: 'https://api.example.test', scopes: ['read'] }],
  clients: [
    { client_id: 'batch', client_secret: CANARY, audience: 'https://api.example.test', introspection: 'any' },
  ],
})

const CONFIG = {
  server: { port: 0 },
  tenants: {
    plain: tenant('standard'),
    trivore: tenant('trivore'),
    lenient: { ...tenant('standard'), strictness: 'warn' },
  },
}

function place(config: unknown = CONFIG) {
  return { cwd: folder({ 'idp-double.json': JSON.stringify(config) }) }
}

async function urlOf(idp: ReturnType<typeof start>): Promise<string> {
  return (await idp.says(/"url":"([^"]+)"/))[1] as string
}

describe('the log', () => {
  it('has one JSON object a line with --log json', async () => {
    await using idp = start(['--log', 'json'], place())
    const url = await urlOf(idp)
    await post(`${url}/plain/token?x=1`, { grant_type: 'client_credentials' }, basic('batch', CANARY))
    await post(`${url}/plain/token`, { grant_type: 'client_credentials' }, basic('batch', 'wrong'))
    await post(
      `${url}/lenient/token`,
      { grant_type: 'client_credentials', scope: 'no' },
      basic('batch', CANARY),
    )
    await fetch(`${url}/a/b/c`)
    await idp.says(/"path":"\/a\/b\/c".*\n/)
    const [ready, ...entries] = idp.texts.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(ready.event).toBe('ready')
    const common = {
      event: 'request',
      method: 'POST',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      ms: expect.any(Number),
    }
    const asked = { ...common, endpoint: 'token', client_id: 'batch', grant_type: 'client_credentials' }
    const description = expect.any(String)
    expect(entries).toEqual([
      { ...asked, tenant: 'plain', path: '/plain/token', status: 200 },
      {
        ...asked,
        tenant: 'plain',
        path: '/plain/token',
        status: 401,
        reason: 'client.secret_wrong',
        description,
      },
      {
        ...asked,
        tenant: 'lenient',
        path: '/lenient/token',
        status: 200,
        notes: [{ level: 'warn', check: 'scope', text: expect.stringContaining('scope no is not') }],
      },
      { ...common, method: 'GET', path: '/a/b/c', status: 404, reason: 'route.not_found', description },
    ])
  })

  it('has one line a request as text, and one for each check that let something pass', async () => {
    await using idp = start([], place())
    const issuer = (await idp.says(/issuer +(\S+)\/plain\n/))[1]
    await idp.says(/a token\n.*\n\n/)
    await post(
      `${issuer}/lenient/token`,
      { grant_type: 'client_credentials', scope: 'no' },
      basic('batch', CANARY),
    )
    await post(`${issuer}/plain/token`, { grant_type: 'x y' }, basic('batch', CANARY))
    await idp.says(/grant\.unknown.*\n/)
    const lines = idp.texts.stdout.split('\n\n').at(-1)?.split('\n')
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
    const facts = 'tenant=lenient endpoint=token client_id=batch grant_type=client_credentials'
    expect(lines?.[0]).toMatch(new RegExp(`^${time} POST /lenient/token 200 [\\d.]+ms ${facts}$`))
    expect(lines?.[1]).toMatch(/^ {2}warn scope: scope no is not a scope/)
    expect(lines?.[2]).toMatch(
      / 400 \S+ tenant=plain endpoint=token grant_type="x y" reason=grant\.unknown grant_type is x y/,
    )
  })

  it('says nothing about probes that succeed', async () => {
    await using idp = start(['--log', 'json'], place())
    const url = await urlOf(idp)
    for (const path of ['/healthz', '/readyz', '/last']) await fetch(`${url}${path}`)
    await idp.says(/"path":"\/last"/)
    expect(idp.texts.stdout).not.toContain('"path":"/healthz"')
    expect(idp.texts.stdout).not.toContain('"path":"/readyz"')
  })

  it('is silent with --quiet', async () => {
    await using idp = start(['--quiet'], place())
    const url = (await idp.says(/^idp-double is ready: (\S+)\/plain\n$/))[1]
    await fetch(`${url}/nothing`)
    expect(await idp.stop()).toEqual([0, null])
    expect(idp.texts.stdout.split('\n')).toHaveLength(2)
    expect(idp.texts.stderr).toBe('')
  })

  it('is whole after a signal', async () => {
    await using idp = start(['--log', 'json'], place())
    const url = await urlOf(idp)
    await Promise.all(Array.from({ length: 100 }, (_, index) => fetch(`${url}/n${index}`)))
    await idp.stop()
    expect(idp.texts.stdout.trimEnd().split('\n')).toHaveLength(101)
  })
})

describe('secrets', () => {
  it.each(['text', 'json'])('never enter the log as %s', async (format) => {
    // On an address that others could reach the banner has no secrets either.
    await using idp = start(['--log', format, '--host', '0.0.0.0'], place())
    const found = await idp.says(format === 'json' ? /"url":"([^"]+)"/ : /issuer +(\S+)\/plain\n/)
    const url = found[1] as string
    await leaks(url)
    await fetch(`${url}/the-end`)
    await idp.says(/the-end/)
    expect(await idp.stop()).toEqual([0, null])
    const all = idp.texts.stdout + idp.texts.stderr
    expect(all.match(/ 401 |"status":401/g)?.length).toBeGreaterThan(3)
    expect(all).not.toContain(CANARY)
    expect(all).not.toMatch(/eyJ[\w-]{8}/)
    expect(all).not.toContain(basic('batch', CANARY).authorization.slice(6))
  })
})

describe('a fault of ours', () => {
  const entry = {
    at: 0,
    method: 'GET',
    path: '/\u009b31m',
    status: 500,
    ms: 1,
    exchange: { tenant: '', endpoint: '', notes: [] },
    error: new Error(`broken by ${CANARY}`),
  }

  it.each(['text', 'json'] as const)('goes to stderr as %s, with its stack and without secrets', (format) => {
    const [out, err]: string[][] = [[], []]
    const log = createRequestLog({
      format,
      quiet: true,
      secrets: { revision: 0, all: () => [CANARY] },
      out: (text) => out?.push(text),
      err: (text) => err?.push(text),
    })
    log.request(entry)
    log.flush()
    expect(out).toEqual([])
    expect(err).toHaveLength(1)
    expect(err?.[0]).toContain('broken by ***')
    expect(err?.[0]).toContain('cli_log.test.ts')
    expect(err?.[0]).not.toContain('\u009b')
  })
})

/** Everything a client may do with its secrets and tokens, rightly and wrongly. */
async function leaks(url: string): Promise<void> {
  const grant = { grant_type: 'client_credentials' }
  const form = { ...grant, client_id: 'batch', client_secret: CANARY }
  const token = `${url}/plain/token`
  await post(token, form)
  await post(token, { ...form, client_id: CANARY, client_secret: 'batch' })
  await post(token, { ...grant, scope: CANARY }, basic('batch', CANARY))
  await post(token, grant, basic(CANARY, 'batch'))
  await post(token, grant, { authorization: CANARY })
  await post(`${token}?${new URLSearchParams(form)}`, grant)
  await post(`${url}/trivore/openid/token?${new URLSearchParams(form)}`, {})
  const json = { 'content-type': 'application/json' }
  for (const body of [JSON.stringify(form), `{"client_secret":{"x":"${CANARY}"}}`, `["${CANARY}"]`])
    await fetch(`${url}/trivore/openid/token`, { method: 'POST', headers: json, body })
  const assertion = await new SignJWT({ iss: 'batch', sub: 'batch', aud: token, jti: 'once' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(Buffer.from(CANARY))
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  const asserted = { ...grant, client_assertion: assertion, client_assertion_type: type }
  await post(token, asserted)
  await post(token, asserted)
  await post(token, { ...asserted, client_assertion_type: assertion })
  await post(token, { grant_type: assertion })
  await post(token, grant, { authorization: assertion })
  const { body } = await post(token, grant, basic('batch', CANARY))
  const access = String(body['access_token'])
  await post(`${url}/plain/introspect`, { token: access }, basic('batch', CANARY))
  await post(`${url}/plain/introspect?token=${access}`, {}, basic('batch', CANARY))
  await fetch(`${url}/plain/userinfo`, { headers: { authorization: `Bearer ${access}x` } })
  await fetch(`${url}/plain/userinfo?access_token=${access}`)
}
