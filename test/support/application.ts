/** Applications that users sign in to, served as their developers serve them: at localhost, on a port of their own. */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Browser, hiddenFields, type Page, signIn } from './browser.ts'

export interface Application {
  readonly url: string
  /** Says who answers: an application knows its provider, which knows the application's URLs, so one comes later. */
  serve(listener: RequestListener): void
  [Symbol.asyncDispose](): Promise<void>
}

/** With a certificate it is at https. */
export async function listen(certificate?: {
  readonly cert: string
  readonly key: string
}): Promise<Application> {
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end()
  const listener: RequestListener = (request, response) => answer(request, response)
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    url: `${certificate ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`,
    serve(listener) {
      answer = listener
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  }
}

/** A user's browser has cookies of the application and of the provider, each for its own. */
export interface Browsers {
  readonly app: Browser
  readonly provider: Browser
}

export function browsersOf(app: Application, issuer: string): Browsers {
  return { app: new Browser(app.url), provider: new Browser(issuer) }
}

/** Signs in where an application has sent its user, and gives the page that the application shows then. */
export async function signInFrom(away: Page, { app, provider }: Browsers, user?: string): Promise<Page> {
  if (away.left === undefined) throw new Error(`not sent to sign in, but ${away.status}: ${away.html}`)
  const page = await signIn(provider, away.left.href, user)
  if (page.left !== undefined) return app.open(page.left.href)
  const [, action] = /<form method="post" action="([^"]*)"/.exec(page.html) ?? []
  if (action === undefined) throw new Error(`not sent back, but ${page.status}: ${page.html}`)
  return app.open(action, hiddenFields(page))
}
