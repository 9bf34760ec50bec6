// Tests of one worker against a server that others use as well: each makes a sandbox, uses all of it and drops it.
// Prints what it saw of others, which is nothing.
import http from 'node:http'

const [url, name, count] = process.argv.slice(2)

const agent = new http.Agent({ keepAlive: true })
const FORM = 'application/x-www-form-urlencoded'

/** A request with a connection that stays: 16 workers that each spend as much as the server would test themselves. */
function send(method, address, { type, text = '' } = {}) {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(text) }
    const headers = type === undefined ? length : { ...length, 'content-type': type }
    const request = http.request(address, { method, agent, headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode: status, headers } = response
        resolve({ status, headers, text: Buffer.concat(chunks).toString() })
      })
    })
    request.on('error', reject)
    request.end(text)
  })
}

async function call(method, path, body) {
  const sent = body === undefined ? {} : { type: 'application/json', text: JSON.stringify(body) }
  const { status, text } = await send(method, `${url}/_mock${path}`, sent)
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

async function post(address, fields) {
  const { text } = await send('POST', address, { type: FORM, text: String(new URLSearchParams(fields)) })
  return JSON.parse(text)
}

const seen = []
const check = (isSo, what) => {
  if (!isSo) seen.push(`${name}: ${what}`)
}

/** A login without a page, as the test said it would go. */
async function codeFlow(box, { client, user }) {
  await call('PUT', `/next-login?tenant=${box.id}`, { client: client.client_id, user })
  const params = { client_id: client.client_id, redirect_uri: client.redirect_uris[0], response_type: 'code' }
  const asked = `${box.issuer}/authorize?${new URLSearchParams({ ...params, scope: 'openid', state: user })}`
  const { headers } = await send('GET', asked)
  const back = new URL(headers.location)
  check(back.searchParams.get('state') === user, `the state is ${back.searchParams.get('state')}`)
  const { client_id, client_secret } = client
  const code = back.searchParams.get('code')
  const grant = { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uris[0] }
  return post(`${box.issuer}/token`, { ...grant, client_id, client_secret })
}

async function test(number) {
  const user = `user-${name}-${number}`
  const client = {
    client_id: 'app',
    client_secret: `secret-${name}-${number}`,
    redirect_uris: [`https://${name}-${number}.test/cb`],
    grant_types: ['authorization_code', 'client_credentials'],
  }
  const box = await call('POST', '/sandboxes', { users: [{ username: user }], clients: [client] })
  const { client_id, client_secret } = client
  const flow = number % 2 === 0
  const own = { grant_type: 'client_credentials', client_id, client_secret }
  const tokens = flow ? await codeFlow(box, { client, user }) : await post(`${box.issuer}/token`, own)
  check(tokens.access_token !== undefined, `no token: ${JSON.stringify(tokens)}`)
  const introspect = () =>
    post(`${box.issuer}/introspect`, { token: tokens.access_token, client_id, client_secret })
  if (flow) {
    const { active, iss } = await introspect()
    check(active === true && iss === box.issuer, `it is ${active} and of ${iss}`)
  }
  await call('POST', `/clock?tenant=${box.id}`, { advance: '61m' })
  check((await introspect()).active === false, 'the token did not expire')
  const { items } = await call('GET', `/requests?tenant=${box.id}`)
  const endpoints = items.map(({ endpoint }) => endpoint).join(' ')
  const wanted = flow ? 'authorization token introspection introspection' : 'token introspection'
  check(endpoints === wanted, `the record has ${endpoints}`)
  const isOwn = items.every(({ tenant }) => tenant === box.id)
  check(isOwn, 'the record has requests of others')
  const about = items.find(({ endpoint }) => endpoint === 'token').user
  check(about === (flow ? user : undefined), `the token is about ${about}`)
  await call('DELETE', `/sandboxes/${box.id}`)
}

for (let number = 0; number < Number(count); number += 1) await test(number)
console.log(JSON.stringify(seen.slice(0, 5)))
