// What is compared with. Each is a function whose text runs by `node -e`, that is as CommonJS, the quickest start there is.

/** One RS256 token and nothing around it: the floor under every provider. */
function bareHttp(keyFile) {
  const { createServer } = require('node:http')
  const { createPrivateKey, sign } = require('node:crypto')
  const key = createPrivateKey(require('node:fs').readFileSync(keyFile))
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = encode({ alg: 'RS256', typ: 'at+jwt' })
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const iat = Math.floor(Date.now() / 1000)
      const input = `${header}.${encode({ iss: 'http://localhost', sub: 'batch', iat, exp: iat + 3600 })}`
      sign('sha256', Buffer.from(input), key, (_error, signature) => {
        const body = JSON.stringify({ access_token: `${input}.${signature.toString('base64url')}` })
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
        response.end(body)
      })
    })
  })
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
}

/** The same behind Koa, as npm installs it. */
function bareKoa(keyFile) {
  const Koa = require('koa')
  const { createPrivateKey, sign } = require('node:crypto')
  const key = createPrivateKey(require('node:fs').readFileSync(keyFile))
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = encode({ alg: 'RS256', typ: 'at+jwt' })
  const app = new Koa()
  app.use(async (cx) => {
    for await (const _chunk of cx.req);
    const iat = Math.floor(Date.now() / 1000)
    const input = `${header}.${encode({ iss: 'http://localhost', sub: 'batch', iat, exp: iat + 3600 })}`
    const signature = await new Promise((resolve) =>
      sign('sha256', Buffer.from(input), key, (_, made) => resolve(made)),
    )
    cx.type = 'application/json'
    cx.body = JSON.stringify({ access_token: `${input}.${signature.toString('base64url')}` })
  })
  const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
}

function asScript(source, ...values) {
  return ['-e', `(${source})(${values.map((value) => JSON.stringify(value)).join(', ')})`]
}

/** @param keyFile an RSA key in PEM */
export function baselines(keyFile) {
  const same = { tokenUrl: (url) => url, request: { body: 'grant_type=client_credentials' } }
  return {
    'bare http': { args: asScript(bareHttp, keyFile), ...same },
    'bare Koa': { args: asScript(bareKoa, keyFile), ...same },
  }
}
