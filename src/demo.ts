/** What a start without any configuration serves: two clients, three users and an API. */
import type { ConfigInput } from './config/input.ts'
import type { Random } from './random.ts'

const DEMO_RESOURCE = 'https://api.example.test'

/** One user has every standard claim, for whoever wonders what they look like. */
const ALICE = {
  username: 'alice',
  name: 'Alice Pleasance Liddell',
  given_name: 'Alice',
  middle_name: 'Pleasance',
  family_name: 'Liddell',
  nickname: 'Al',
  profile: 'https://alice.example.test/',
  picture: 'https://alice.example.test/picture.png',
  website: 'https://alice.example.test/blog',
  email: 'alice@example.test',
  email_verified: true,
  gender: 'female',
  birthdate: '1990-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  phone_number: '+44 20 7946 0018',
  phone_number_verified: true,
  address: {
    formatted: '1 Christ Church, Oxford OX1 1DP, England',
    street_address: '1 Christ Church',
    locality: 'Oxford',
    postal_code: 'OX1 1DP',
    country: 'England',
  },
  updated_at: 1_750_000_000,
  roles: ['admin', 'reader'],
  groups: ['staff'],
}

/** @param secretOf keeps a secret under a name, where there is a `state_dir`, or makes a new one */
export async function demoConfig(secretOf: (name: string) => Promise<string>): Promise<ConfigInput> {
  return {
    // The demo knows nobody's callback: any loopback URI may be one.
    strictness: { redirect_uri: 'lax', post_logout_redirect_uri: 'lax' },
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
        introspection: 'any',
      },
      {
        client_id: 'web',
        client_name: 'Web shop',
        redirect_uris: ['http://localhost:3000/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    users: [
      ALICE,
      { username: 'bob', name: 'Bob Builder', email: 'bob@example.test', roles: ['reader'] },
      { username: 'carol', name: 'Carol Danvers', email: 'carol@example.test', email_verified: false },
    ],
  }
}

/** A secret that only this start knows. */
export function freshSecret(random: Random): string {
  return random.token(32)
}
