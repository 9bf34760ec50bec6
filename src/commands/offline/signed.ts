import { mint } from '../../mint.ts'
import { parseDuration } from '../../protocol/duration.ts'
import { OAuthError } from '../../protocol/errors.ts'
import type { Json } from '../../protocol/json.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { isFresh } from './signing_key.ts'
import { type Offline, offline, type TargetValues, targetOf } from './tenant.ts'

export interface TokenValues extends TargetValues {
  readonly role?: readonly string[]
  readonly claim?: readonly string[]
  readonly lifetime?: string
}

const JWT = /^([\w-]+)\.[\w-]+\.[\w-]*$/

/** Prints the token and nothing else; what there is to say about it goes to stderr. */
export async function signed(values: TokenValues, terminal: Terminal): Promise<number> {
  const { scope, user, role: roles } = values
  const over = {
    scope,
    user,
    roles,
    claims: claimsOf(values),
    lifetime: lifetimeOf(values),
    ...targetOf(values),
  }
  const at = await offline(values, terminal)
  const text = await minted({ client: at.client, ...over }, at)
  const header = JWT.exec(text)?.[1]
  if (header === undefined) {
    terminal.stderr.write(`idp-double: ${opaque(at)}\n`)
    return EXIT.failure
  }
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { alg: string }
  for (const warning of warnings(at, alg)) terminal.stderr.write(`warning: ${warning}\n`)
  terminal.stdout.write(`${text}\n`)
  return EXIT.done
}

async function minted(request: Parameters<typeof mint>[0], { cx }: Offline): Promise<string> {
  try {
    return (await mint(request, cx)).text
  } catch (error) {
    if (error instanceof OAuthError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}

function opaque({ client, cx }: Offline): string {
  return `tokens of client ${client} are opaque in tenant ${cx.tenant.name} (${cx.tenant.dialect.name}): such a token means nothing without the server that stored it. Get one from the token endpoint, or set access_token: { format: jwt } for the client or its resource`
}

function warnings({ config, cx }: Offline, alg: string): string[] {
  const { port } = config.server
  return [
    ...(isFresh(config, alg, cx)
      ? [
          'the key of this token was made just now, and no running server knows it; set server.state_dir, or keys[].file, to sign with keys that stay',
        ]
      : []),
    ...(config.issuer.url === null && port === 0
      ? ['server.port is 0, so the issuer of this token is no server; set issuer.url or a port']
      : []),
  ]
}

function lifetimeOf({ lifetime }: TokenValues): number | undefined {
  if (lifetime === undefined) return undefined
  try {
    return parseDuration(lifetime)
  } catch (cause) {
    throw new UsageError(`--lifetime: ${(cause as Error).message}`, { cause })
  }
}

function claimsOf({ claim = [] }: TokenValues): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    claim.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--claim is ${pair}, expected name=value`)
      return [pair.slice(0, at), jsonOrText(pair.slice(at + 1))]
    }),
  )
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
