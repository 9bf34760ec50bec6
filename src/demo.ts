/** What a start without any configuration serves: two clients and an API, with secrets that are new each time. */
import type { ConfigInput } from './config/input.ts'
import type { Random } from './random.ts'

const DEMO_RESOURCE = 'https://api.example.test'

/** @param secretOf keeps a secret under a name, where there is a `state_dir`, or makes a new one */
export async function demoConfig(secretOf: (name: string) => Promise<string>): Promise<ConfigInput> {
  return {
    resources: [
      { identifier: DEMO_RESOURCE, scopes: ['orders:read', 'orders:write'], roles: ['reader', 'admin'] },
    ],
    clients: [
      {
        client_id: 'orders-batch',
        client_secret: await secretOf('orders-batch'),
        audience: DEMO_RESOURCE,
        scope: 'orders:read orders:write',
        roles: ['reader'],
      },
      { client_id: 'orders-api', client_secret: await secretOf('orders-api'), introspection: 'any' },
    ],
  }
}

/** A secret that only this start knows. */
export function freshSecret(random: Random): string {
  return random.token(32)
}
