/** An API behind access tokens, tested by Jest as it is: CommonJS, without flags. */
const { createPublicKey } = require('node:crypto')
const { createServer } = require('node:http')
const { useIdp } = require('idp-double/jest')
const jwt = require('jsonwebtoken')

const API = 'https://orders.example.test'
const used = useIdp(
  {
    followTimers: true,
    resources: [{ identifier: API, roles: ['reader'] }],
    clients: [{ client_id: 'batch', client_secret: 'of the batch', audience: API, roles: ['reader'] }],
  },
  { users: [{ username: 'alice', roles: ['reader'] }] },
)

/** An API with jsonwebtoken, which has the keys of the issuer since its start. */
async function startApi(issuer) {
  const { keys } = await (await fetch(`${issuer}/jwks.json`)).json()
  const keyOf = ({ kid }, done) => {
    const key = keys.find((each) => each.kid === kid)
    done(null, key && createPublicKey({ key, format: 'jwk' }))
  }
  const server = createServer(({ headers }, response) => {
    const token = (headers.authorization ?? '').replace(/^Bearer /, '')
    jwt.verify(token, keyOf, { issuer, audience: API }, (error, claims) => {
      response.writeHead(error ? 401 : 200).end(JSON.stringify(error ? { error: error.message } : claims))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

describe('the API', () => {
  let api
  beforeEach(async () => {
    api = await startApi(used.sandbox.issuer)
  })
  afterEach(() => api.close())

  async function call(token) {
    const answered = await fetch(api.url, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    })
    return { status: answered.status, ...(await answered.json()) }
  }

  test('takes a token of this provider, and none of another', async () => {
    const own = await used.sandbox.token({ client: 'batch' })
    expect(await call(own)).toMatchObject({ status: 200, roles: ['reader'] })
    expect(await call(await used.idp.token({ client: 'batch' }))).toMatchObject({ status: 401 })
    await expect(used.sandbox).toHaveNoFindings()
  })

  test('starts anew: a sandbox for each test', async () => {
    expect(await used.sandbox.requests()).toHaveLength(1)
    expect(await used.sandbox.users.list()).toMatchObject([{ username: 'alice' }])
  })

  test('refuses a token that has expired, by the time of the fake timers', async () => {
    jest.useFakeTimers({ doNotFake: DO_NOT_FAKE, now: new Date('2031-05-01T12:00:00Z') })
    try {
      const token = await used.sandbox.token({ client: 'batch', lifetime: '5m' })
      expect(await call(token)).toMatchObject({ status: 200 })
      jest.setSystemTime(new Date('2031-05-01T12:06:00Z'))
      expect(await call(token)).toEqual({ status: 401, error: 'jwt expired' })
    } finally {
      jest.useRealTimers()
    }
  })
})

/** All but Date: what waits for the network goes on. */
const DO_NOT_FAKE = [
  ...['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  ...['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
]
