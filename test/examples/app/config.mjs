/** What the provider has to know of the application, as in idp-double.yaml. */
export const API = 'https://orders.example.test'

export const config = {
  resources: [{ identifier: API, scopes: ['orders:read'], roles: ['buyer', 'admin'] }],
  clients: [
    {
      client_id: 'shop',
      client_secret: 'of the shop',
      redirect_uris: ['http://localhost/callback'],
      scope: 'orders:read',
      audience: API,
    },
    { client_id: 'batch', client_secret: 'of the batch', audience: API, roles: ['admin'] },
  ],
  users: [
    { username: 'alice', name: 'Alice Liddell', roles: ['buyer'] },
    { username: 'bob', name: 'Bob Sawyer', roles: ['buyer', 'admin'] },
    { username: 'carol', name: 'Carol Danvers' },
    { username: 'dave', name: 'Dave Lister', roles: ['buyer'] },
  ],
}
