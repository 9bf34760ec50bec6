/** The tenant of the tests: who is in it. */

export const TENANT = '5b0d9b1e-7f0c-4f4b-9d0e-3d1c9f6a2b10'
export const DOMAIN = 'contoso.onmicrosoft.com'

/** A web application. */
export const CLIENT = '1f0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e11'
export const SECRET = 's3cret-of-the-web-application'
export const CALLBACK = 'https://app.example.test/callback'

/** A program on a user's machine. */
export const PUBLIC = '2a0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e22'

/** An API of version 2, which calls another one itself. */
export const ORDERS = 'api://orders'
export const ORDERS_ID = '3c0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e33'
export const ORDERS_SECRET = 's3cret-of-orders'

/** An API of version 1. */
export const BILLING = 'https://billing.example.test'

export const ADA = 'ada@contoso.example'
export const ADAS_PASSWORD = 'adas-password'

const ON_BEHALF_OF = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

export const USUAL = {
  dialect: 'entra',
  id: TENANT,
  aliases: [DOMAIN],
  users: [
    {
      username: ADA,
      password: ADAS_PASSWORD,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      email: ADA,
    },
  ],
  resources: [
    {
      identifier: ORDERS,
      id: ORDERS_ID,
      scopes: ['read', 'write'],
      roles: ['Orders.Read'],
      access_token: { version: 2 },
    },
    { identifier: BILLING, scopes: ['pay'] },
  ],
  clients: [
    {
      client_id: CLIENT,
      client_secret: SECRET,
      redirect_uris: [CALLBACK],
      roles: ['Orders.Read'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
    },
    {
      client_id: PUBLIC,
      redirect_uris: ['http://localhost'],
      grant_types: ['authorization_code', 'refresh_token', 'password', DEVICE_CODE],
    },
    { client_id: ORDERS_ID, client_secret: ORDERS_SECRET, grant_types: ['client_credentials', ON_BEHALF_OF] },
  ],
} as const
