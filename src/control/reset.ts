import type { Noun } from './call.ts'

/** Back to the configuration. */
export const reset: Noun = {
  name: 'reset',
  summary: 'Back to the configuration',
  calls: [
    {
      method: 'POST',
      path: '/reset',
      summary:
        'Undoes every change of the tenant, or of all configured ones where no tenant is named: users, clients, keys, clock; and forgets logins, tokens, record and findings. Tenants of one cloud are reset together. Sandboxes stay, unless one is named.',
      answer(_asked, { world, tenantName }) {
        world.reset(tenantName)
        return { status: 204 }
      },
    },
  ],
}
