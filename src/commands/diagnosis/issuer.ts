import { shown } from '../../protocol/errors.ts'
import { urlOf } from '../../protocol/url.ts'
import { isAnswer, isDouble, objectIn } from './ask.ts'
import { type Check, ok, type Remark, type Seen, warn, wrong } from './check.ts'

/**
 * The issuer of the metadata MUST be the one that the client was given, letter for letter.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 */
export const issuer: Check = {
  name: 'issuer',
  look(seen) {
    const { metadata, issuer: expected } = seen
    const said = metadata?.['issuer']
    if (typeof said !== 'string') return []
    if (said === expected) return [ok(`${said}, byte for byte`)]
    if (/\{tenant_?id\}/i.test(said))
      return [
        warn(
          `the metadata says ${shown(said)}: clients of Microsoft fill in the tenant of each user, others refuse it`,
        ),
      ]
    return [different(said, seen)]
  },
}

interface Two {
  readonly said: string
  readonly expected: string
  readonly a: URL
  readonly b: URL
  readonly seen: Seen
}

/** How two issuers can differ, and what ends it; the first that fits. */
const DIFFERENCES: readonly (readonly [
  text: string,
  fits: (two: Two) => boolean,
  change: (two: Two) => string,
])[] = [
  ['a slash at the end', ({ said, expected }) => bare(said) === bare(expected), atClient],
  ['the spelling', ({ a, b }) => bare(a.href) === bare(b.href), atClient],
  ['the scheme', ({ a, b }) => a.protocol !== b.protocol && a.hostname === b.hostname, scheme],
  ['host or port', ({ a, b }) => a.origin !== b.origin, host],
  ['the path', () => true, path],
]

function different(said: string, seen: Seen): Remark {
  const { issuer: expected, url: b } = seen
  const a = urlOf(said)
  const text = `the metadata says ${shown(said)}, the client was given ${shown(expected)}`
  if (a === undefined || b === undefined)
    return wrong(`${text}; that is no URL`, 'have the provider send a URL as its issuer')
  const two = { said, expected, a, b, seen }
  const [kind, , change] = DIFFERENCES.find(([, fits]) => fits(two)) as (typeof DIFFERENCES)[number]
  return wrong(`${text}: they differ in ${kind}, and clients compare byte for byte`, change(two))
}

function bare(issuer: string): string {
  return issuer.replace(/\/$/, '')
}

function atClient({ said }: Pick<Two, 'said'>): string {
  return `give the client the issuer ${said}`
}

/** A proxy that ends TLS hides from the provider that the client came over https. */
function scheme({ said, expected, a, b, seen }: Two): string {
  if (a.protocol === 'https:' && isReached(seen)) return atClient({ said })
  if (!isDouble(seen.discovery)) return publicUrl(expected)
  return bare(b.pathname) === ''
    ? setting(`issuer: { url: ${expected} }`)
    : setting('server: { trust_proxy: true } and issuer: { mode: request }')
}

/** The name of a container and localhost, mostly: then either one of them can be called from here, or both can. */
function host({ said, expected, seen }: Two): string {
  if (isReached(seen)) return atClient({ said })
  return isDouble(seen.discovery) ? setting('issuer: { mode: request }') : publicUrl(expected)
}

/** A proxy puts a prefix before the path, or cuts it off. */
function path({ said, expected, a, b, seen }: Two): string {
  if (isReached(seen)) return atClient({ said })
  if (!isDouble(seen.discovery)) return publicUrl(expected)
  return setting(`issuer: { url: ${b.origin}${withoutCommonEnd(b.pathname, a.pathname)} }`)
}

function setting(text: string): string {
  return `in the provider's configuration: ${text}`
}

function publicUrl(expected: string): string {
  return `tell the provider its public URL: ${expected}; by the one that it says it cannot be called from here`
}

/** Whether the issuer that the metadata names can be called from here, and is the same provider. */
function isReached({ stated, metadata }: Seen): boolean {
  return isAnswer(stated) && stated.status === 200 && objectIn(stated)?.['issuer'] === metadata?.['issuer']
}

/** What stands before the segments that both end with: the tenant's own. */
function withoutCommonEnd(path: string, other: string): string {
  const mine = path.split('/')
  const theirs = other.split('/')
  while (mine.length > 1 && theirs.length > 0 && mine.at(-1) === theirs.at(-1)) {
    mine.pop()
    theirs.pop()
  }
  return mine.join('/')
}
