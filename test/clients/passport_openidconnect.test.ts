import express, { type ErrorRequestHandler } from 'express'
import session from 'express-session'
import { Passport } from 'passport'
import OpenIDConnectStrategy, {
  type Profile,
  type StrategyOptions,
  type VerifyCallback,
} from 'passport-openidconnect'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { type Application, browsersOf, listen, signInFrom } from '../support/application.ts'
import { Browser } from '../support/browser.ts'

const start = (app: Application) =>
  startIdp({
    clients: [
      {
        client_id: 'shop',
        client_secret: 's3cret',
        redirect_uris: [`${app.url}/callback`],
      },
    ],
    users: [
      { username: 'alice', name: 'Alice Liddell', email: 'alice@example.test' },
      { username: 'bob', name: 'Bob' },
    ],
  })

/** Tells what the library made of the answers: who it is, and how they signed in. */
const verify = (issuer: string, profile: Profile, context: object, done: VerifyCallback) =>
  done(null, { issuer, ...profile, context })

/** An application as the library's manual has it. */
function application(issuer: string, { url }: Application, more: Partial<StrategyOptions> = {}) {
  const passport = new Passport()
  const options = {
    issuer,
    authorizationURL: `${issuer}/authorize`,
    tokenURL: `${issuer}/token`,
    userInfoURL: `${issuer}/userinfo`,
    clientID: 'shop',
    clientSecret: 's3cret',
    callbackURL: `${url}/callback`,
    scope: ['profile', 'email'],
    nonce: 'true',
    skipUserProfile: false,
  }
  passport.use(new OpenIDConnectStrategy({ ...options, ...more }, verify))
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const app = express()
  app.use(session({ secret: 'of the application', resave: false, saveUninitialized: false }))
  app.use(passport.session())
  app.get('/login', passport.authenticate('openidconnect'))
  app.get('/callback', passport.authenticate('openidconnect', { successRedirect: '/', failWithError: true }))
  app.get('/', (request, response) => void response.json(request.user ?? null))
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.code ?? error.message })
  }
  return app.use(failed)
}

describe('passport-openidconnect with express', () => {
  it('signs a user in, reads the profile at userinfo, and keeps the session', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app, { maxAge: '60' }))
    const browsers = browsersOf(app, idp.issuer)
    const page = await signInFrom(await browsers.app.open(`${app.url}/login`), browsers)
    expect(JSON.parse(page.html)).toMatchObject({
      issuer: idp.issuer,
      displayName: 'Alice Liddell',
      username: 'alice',
      emails: [{ value: 'alice@example.test' }],
      context: { class: '1', timestamp: expect.any(String) },
    })
    expect(JSON.parse((await browsers.app.open(app.url)).html)).toMatchObject({ username: 'alice' })
    expect(JSON.parse((await new Browser(app.url).open(app.url)).html)).toBeNull()
  })

  it('signs in whoever is chosen, and whoever is signed in already', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app))
    const provider = new Browser(idp.issuer)
    const as = async (user: string) => {
      const browsers = { app: new Browser(app.url), provider }
      const page = await signInFrom(await browsers.app.open(`${app.url}/login`), browsers, user)
      return JSON.parse(page.html).username
    }
    expect(await as('bob')).toBe('bob')
    expect(await as('alice')).toBe('bob')
  })

  it.each([
    ['a client secret', { clientSecret: 'wrong' }, 500, 'invalid_client'],
    ['an issuer', { issuer: 'https://another.example.test' }, 403, 'Forbidden'],
    ['a prompt that nobody can answer', { prompt: 'none' }, 500, 'login_required'],
  ])('fails with %s that is wrong', async (_what, wrong, status, error) => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app, wrong))
    const browsers = browsersOf(app, idp.issuer)
    const page = await signInFrom(await browsers.app.open(`${app.url}/login`), browsers)
    expect([page.status, JSON.parse(page.html)]).toEqual([status, { error }])
  })

  it('is told that the user denied', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app))
    const browsers = browsersOf(app, idp.issuer)
    const { left } = await browsers.app.open(`${app.url}/login`)
    const page = await browsers.provider.open(left?.href ?? '')
    const { left: back } = await browsers.provider.submit(page, { action: 'deny' })
    expect((await browsers.app.open(back?.href ?? '')).status).toBe(401)
  })
})
