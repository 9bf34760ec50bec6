/** The browser test that the README shows, run in a real browser against an application and a configuration as shown. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { listen } from '../support/application.ts'
import { authorizeUrl, redeem } from '../support/browser.ts'
import { launchChromium } from '../support/chromium.ts'
import { fileWith } from '../support/folder.ts'
import { decode } from '../support/http.ts'

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const [, configuration = ''] = /```yaml\n(clients:\n {2}- client_id: web\n[\s\S]*?)```/.exec(README) ?? []
const [, script = ''] = /```js\n([\s\S]*?)```/.exec(README) ?? []

const AsyncFunction = (async () => undefined).constructor as new (
  name: string,
  body: string,
) => (page: Page) => Promise<void>

/** The configuration of the README on a free port. */
async function start() {
  return await startIdp({ configFile: fileWith('idp-double.yaml', configuration) })
}

describe('README', () => {
  it('shows a browser test that signs a user in', async (context) => {
    await using browser = await launchChromium(context)
    await using idp = await start()
    await using app = await listen()
    const redirect_uri = `${app.url}/callback`
    const code_verifier = randomBytes(32).toString('base64url')
    const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
    const params = { client_id: 'web', redirect_uri, code_challenge, code_challenge_method: 'S256' }
    app.serve(async (request, response) => {
      const url = new URL(request.url ?? '/', app.url)
      response.setHeader('content-type', 'text/html')
      if (url.pathname === '/login')
        return void response.writeHead(303, { location: authorizeUrl(idp.issuer, params) }).end()
      if (url.pathname !== '/callback')
        return void response.end('<form action="/login"><button>Sign in</button></form>')
      const code = url.searchParams.get('code') ?? ''
      const { body } = await redeem(idp.issuer, { code, redirect_uri, code_verifier, client_id: 'web' })
      response.end(`<p id="who">${decode(String(body['id_token'])).claims['tenant_tier']}</p>`)
    })

    const page = await browser.newPage()
    await new AsyncFunction('page', script.replaceAll('http://localhost:3000', app.url))(page)
    expect(await page.textContent('#who')).toBe('gold')
  })
})
