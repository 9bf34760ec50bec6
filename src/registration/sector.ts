import type { Context } from '../context.ts'
import { because, shown } from '../protocol/errors.ts'
import type { Metadata } from './members.ts'
import { refusal } from './reader.ts'

/**
 * Whose pairwise subjects the client shares: all of its redirect URIs belong to one host, or to the list behind
 * `sector_identifier_uri`.
 * @throws OAuthError registration.metadata
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation
 */
export async function assertSector(metadata: Metadata, cx: Context): Promise<void> {
  const { redirect_uris = [], sector_identifier_uri, subject_type } = metadata
  if (sector_identifier_uri !== undefined) return assertListed(sector_identifier_uri, redirect_uris, cx)
  const hosts = new Set(redirect_uris.map((uri) => new URL(uri).hostname || new URL(uri).protocol))
  if (subject_type !== 'pairwise' || hosts.size < 2) return
  // MUST register a sector_identifier_uri where the hosts differ, OpenID Connect Core §8.1.
  const text = `subject_type is pairwise, and redirect_uris are at several hosts: ${[...hosts].join(', ')}`
  throw refusal('sector_identifier_uri', `${text}; register sector_identifier_uri, a list of all of them`)
}

/** All redirect URIs MUST be in the list. */
async function assertListed(uri: string, redirect_uris: readonly string[], cx: Context): Promise<void> {
  const listed = await fetchList(uri, cx)
  const missing = redirect_uris.find((each) => !listed.includes(each))
  if (missing === undefined) return
  const text = `the list at sector_identifier_uri does not have ${shown(missing)}`
  throw refusal('sector_identifier_uri', `${text}; it has to name every one of redirect_uris`)
}

async function fetchList(uri: string, { tenant }: Context): Promise<readonly unknown[]> {
  const problem = 'sector_identifier_uri gives no list of redirect URIs'
  try {
    const list: unknown = JSON.parse(await tenant.outbound.fetchText(uri))
    if (Array.isArray(list)) return list
  } catch (cause) {
    throw because(cause, 'registration.metadata', `${problem}: ${(cause as Error).message}`)
  }
  throw refusal('sector_identifier_uri', `${problem}: expected a JSON array of strings`)
}
