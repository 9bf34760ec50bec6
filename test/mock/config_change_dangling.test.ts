import { describe, expect, it } from 'vitest'
import { changeTenant, removeFrom } from '../../src/config/change.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import type { TenantConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'

const OPTIONS = { names, algs: ['RS256'], clientTls: 'not served' } as const

const noFile = (path: string): string => {
  throw new Error(`${path} was read`)
}

async function tenantOf(input: ConfigInput): Promise<TenantConfig> {
  const { tenants } = await validateInput(input, { names, directory: '/', readFile: noFile })
  return tenants[0] as TenantConfig
}

const CLIENTS = [
  { client_id: 'web', client_secret: 'hush', scope: 'openid read points' },
  { client_id: 'batch', client_secret: 'hush' },
]
const base = await tenantOf({
  resources: [
    { identifier: 'orders', scopes: ['read'] },
    { identifier: 'stock', scopes: ['count'] },
  ],
  clients: CLIENTS,
  scopes: { points: ['points'] },
})
const LOST = 'no resource would declare read, which is a scope of client web: declare it, or change it first'

const problem = (path: string, message: string) => ({ problems: [{ path, message }] })

describe('a change of resources', () => {
  it('leaves no client with a scope that no resource declares any more', async () => {
    const change = { resources: [{ identifier: 'orders', scopes: ['write'] }] }
    await expect(changeTenant(base, change, OPTIONS)).rejects.toMatchObject(problem('resources', LOST))
    await expect(removeFrom(base, { kind: 'resources', id: 'orders' }, names)).rejects.toMatchObject(
      problem('', LOST),
    )
  })

  it.each([
    ['another resource declares the scope', { resources: [{ identifier: 'more', scopes: ['read'] }] }],
    ['the tenant itself has it', { scopes: { read: ['email'] } }],
    ['the client is changed with it', { clients: [{ client_id: 'web', client_secret: 's' }] }],
  ])('is taken where %s', async (_where, beside) => {
    const { resources = [], ...more } = beside as ConfigInput
    const change = { ...more, resources: [...resources, { identifier: 'orders', scopes: ['write'] }] }
    const after = await changeTenant(base, change, OPTIONS)
    expect(after.resources[0]).toMatchObject({ identifier: 'orders', scopes: ['write'] })
  })

  it('is taken where no resource declares any scope then: all are free', async () => {
    const only = await tenantOf({
      resources: [{ identifier: 'orders', scopes: ['read'] }],
      clients: CLIENTS,
      scopes: { points: [] },
    })
    expect((await removeFrom(only, { kind: 'resources', id: 'orders' }, names)).resources).toEqual([])
  })

  it('that declares the first one leaves no client with an audience or scope that is none', async () => {
    const clients = ['a', 'b'].map((client_id) => ({
      ...{ client_id, client_secret: 's', audience: 'orders', scope: 'read' },
    }))
    const free = await tenantOf({ clients })
    const of = (resource: object) => changeTenant(free, { resources: [resource] }, OPTIONS)
    await expect(of({ identifier: 'stock' })).rejects.toMatchObject(
      problem(
        'resources',
        'no resource would declare orders, which is an audience of clients a, b: declare it, or change them first',
      ),
    )
    await expect(of({ identifier: 'orders', scopes: ['count'] })).rejects.toThrow(/declare read, which/)
    expect((await of({ identifier: 'stock', id: 'orders' })).resources).toHaveLength(1)
  })

  it('need not declare what is there though nobody declares it', async () => {
    const graph = 'https://graph.microsoft.com'
    const entra = await tenantOf({
      dialect: 'entra',
      clients: [{ client_id: 'app', client_secret: 's', audience: graph, scope: 'User.Read' }],
    })
    const change = { resources: [{ identifier: 'api://orders', scopes: ['read'] }] }
    expect((await changeTenant(entra, change, OPTIONS)).resources).toHaveLength(1)
  })
})
