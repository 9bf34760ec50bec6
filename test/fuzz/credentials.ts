/** How the client of a fuzzed request shows who it is. */
import { createHmac, randomUUID, sign } from 'node:crypto'
import { ASSERTION_TYPE } from '../support/assertion.ts'
import { basic } from '../support/http.ts'
import type { Bent } from './bent_assertion.ts'
import { jsonText } from './hostile.ts'
import type { FuzzRequest } from './request_arbitrary.ts'
import { privateKey, secret } from './world.ts'

/** Whom each way to authenticate names; what users granted is redeemed by its own client. */
const CLIENT_OF: Readonly<Record<string, string>> = {
  post: 'batch',
  public: 'spa',
  private_key_jwt: 'partner',
  client_secret_jwt: 'hs',
}

const AUTHENTICATED = ['token', 'introspection', 'revocation', 'device_authorization']

/** Whether the request is one of a grant that a user made. */
function isUserGrant({ endpoint, grant }: Pick<FuzzRequest, 'endpoint' | 'grant'>): boolean {
  return endpoint === 'device_authorization' || (endpoint === 'token' && grant !== 'client_credentials')
}

/** Parameters that authenticate. */
export function credentials(fuzz: FuzzRequest, aud: string): Record<string, string> {
  const client_id = CLIENT_OF[fuzz.credentials]
  if (!AUTHENTICATED.includes(fuzz.endpoint) || client_id === undefined) return {}
  if (fuzz.credentials === 'public') return { client_id }
  if (fuzz.credentials === 'post') {
    const name = isUserGrant(fuzz) ? 'web' : client_id
    return { client_id: name, client_secret: secret(name) }
  }
  return {
    client_id,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion(client_id, aud, fuzz.assertion),
  }
}

/** The header that authenticates a client. */
export function authorization(fuzz: FuzzRequest): Record<string, string> {
  if (!AUTHENTICATED.includes(fuzz.endpoint)) return {}
  const name = isUserGrant(fuzz) ? 'web' : 'batch'
  if (fuzz.credentials === 'basic') return basic(name, secret(name))
  // A secret in the wrong place is a secret still.
  if (fuzz.credentials === 'mixed up') return basic(name, secret('old'))
  return fuzz.credentials === 'rotated' ? basic('rotated', secret('new')) : {}
}

function assertion(client_id: string, aud: string, bent: Bent): string {
  const now = Math.floor(Date.now() / 1000)
  const isHmac = client_id === 'hs'
  const header = {
    alg: isHmac ? 'HS256' : 'ES256',
    ...(bent.part === 'header' && { [bent.name]: bent.value }),
  }
  const claims = {
    iss: client_id,
    sub: client_id,
    aud,
    jti: randomUUID(),
    exp: now + 60,
    ...(bent.part === 'claims' && { [bent.name]: bent.value }),
  }
  const input = [header, claims].map((part) => Buffer.from(jsonText(part)).toString('base64url')).join('.')
  const signature = isHmac
    ? createHmac('sha256', secret('hs')).update(input).digest('base64url')
    : sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return bent.part === 'text' ? broken(`${input}.${signature}`, bent.name) : `${input}.${signature}`
}

function broken(jwt: string, how: string): string {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const deep = Buffer.from(`{"alg":"ES256","a":${'['.repeat(2000)}${']'.repeat(2000)}}`).toString('base64url')
  const ways: Readonly<Record<string, string>> = {
    'drop signature': `${header}.${claims}.`,
    'drop claims': `${header}..${signature}`,
    pad: `${jwt}==`,
    flip: `${header}.${claims}.${signature.split('').reverse().join('')}`,
    'five parts': `${jwt}.a.b`,
    deep: `${deep}.${claims}.${signature}`,
  }
  return ways[how] ?? how
}
