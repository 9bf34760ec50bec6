/** One Entra tenant at https, its users, and what was asked of it. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import type { ConfigInput } from '../../../src/config/input.ts'
import { validateInput } from '../../../src/config/validate.ts'
import { type EnvironmentOptions, environment, factsOf } from '../../../src/environment.ts'
import type { Entry } from '../../../src/http/site.ts'
import { createKeySet } from '../../../src/keys/keys.ts'
import { names } from '../../../src/names.ts'
import { parseDuration } from '../../../src/protocol/duration.ts'
import { startProvider } from '../../../src/provider.ts'
import { makeAuthority } from '../../../src/tls/authority.ts'
import { answerAt, Browser, signIn } from '../../support/browser.ts'
import { decide } from '../../support/device.ts'
import { fileWith } from '../../support/folder.ts'
import { fetchWith } from '../../support/tls.ts'
import { USUAL } from './contoso.ts'

const keys = createKeySet([{ alg: 'RS256', status: 'active', at: 'keys' }], { slot: 'azure' })
const authority = await makeAuthority()

/** The CA of every provider. */
export const CA: string = authority.cert

/** It as a file, for processes that are told of it once. */
export const caFile = (): string => fileWith('ca.pem', CA)

const IMPERSONATED = ['login.microsoftonline.com', 'graph.microsoft.com', '*.ciamlogin.com']

/** A browser's way to a provider of this test file, which is every host at this port. */
function wayTo(port: number): typeof fetch {
  const ca = authority.cert
  return fetchWith({
    defaultPort: 443,
    createConnection: ({ host }) => connect({ ca, host: '127.0.0.1', port, servername: host ?? 'localhost' }),
  })
}

interface Changes {
  /** Laid over the confidential client. */
  readonly client?: object
  /** Beside the usual ones. */
  readonly clients?: readonly object[]
  readonly users?: readonly object[]
  readonly server?: object
  readonly [key: string]: unknown
}

export type Entra = Awaited<ReturnType<typeof startEntra>>

async function configOf({ client, clients = [], users = [], server = {}, ...changes }: Changes) {
  const [app, ...others] = USUAL.clients
  const input = {
    ...USUAL,
    ...changes,
    server: { port: 0, tls: { port: 0, names: IMPERSONATED }, ...server },
    clients: [{ ...app, ...client }, ...others, ...clients],
    users: [...USUAL.users, ...users],
  }
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return await validateInput(input as unknown as ConfigInput, { names, directory: '.', readFile })
}

/** Starts the tenant, changed as asked. */
export async function startEntra(changes: Changes = {}) {
  const entries: Entry[] = []
  const running = await startProvider(await configOf(changes), {
    keys,
    authority: async () => authority,
    log: (entry) => entries.push(entry),
  })
  const port = running.ports.https as number
  const origin = `https://localhost:${port}`
  const visit = wayTo(port)
  return {
    port,
    origin,
    host: `localhost:${port}`,
    authority: `${origin}/${USUAL.id}`,
    entries,
    /** A page or a document of it. */
    fetch: visit,
    /** What a process finds this tenant by. */
    env: (options: EnvironmentOptions = {}) =>
      environment('azure', options, { facts: factsOf(running), caFile: caFile() }),
    /** The grants of the tokens that were asked for so far. */
    grants: () =>
      entries
        .map((entry) => entry.exchange)
        .flatMap((each) => (each.endpoint === 'token' ? each.grant_type : [])),
    /** What scripts may have done: somebody signs in, time passes. */
    hands: {
      signIn: async (url: string, user: string = USUAL.users[0].username) => {
        const browser = new Browser(url, { fetch: visit })
        return Object.fromEntries(answerAt(await signIn(browser, url, user)))
      },
      /** What a user does with the code that a device shows. */
      enterCode: async (verification_uri: string, user_code: string, action = 'allow') => {
        const browser = new Browser(verification_uri, { fetch: visit })
        await decide({ verification_uri, user_code }, { action, user: USUAL.users[0].username, browser })
      },
      advance: (by: string) => running.clock.advance(parseDuration(by)),
    },
    /** @throws Error where the provider had one, whatever a client made of it */
    async [Symbol.asyncDispose]() {
      await running.stop()
      const fault = entries.find(({ status, error }) => status >= 500 || error !== undefined)
      if (fault !== undefined)
        throw new Error(`${fault.path} answered ${fault.status}`, { cause: fault.error })
    },
  }
}
