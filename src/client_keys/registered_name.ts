/** Whether a certificate says the name that a client registered. */
import { isIP } from 'node:net'
import type { ClientConfig } from '../context.ts'
import type { CertifiedNames } from '../keys/certified_names.ts'
import { CERTIFICATE_NAMES, type CertificateName } from '../protocol/certificate_names.ts'
import { parseDistinguishedName, writtenName } from '../protocol/distinguished_name.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import { urlOf } from '../protocol/url.ts'

interface Kind {
  /** What messages call it. */
  readonly what: string
  /** The names of this kind, as people write them. */
  written(names: CertifiedNames): readonly string[]
  /** Whether one of them is the registered one. */
  includes(names: CertifiedNames, registered: string): boolean
}

/** What of a certificate each member is about. */
const KINDS: Readonly<Record<CertificateName, Kind>> = {
  tls_client_auth_subject_dn: {
    what: 'subject',
    written: ({ subject }) => (subject.length === 0 ? [] : [writtenName(subject)]),
    includes: ({ isSubject }, registered) => isSubject(parseDistinguishedName(registered)),
  },
  tls_client_auth_san_dns: alternative(
    'dNSName',
    'DNS name',
    (one, other) => caseless(one) === caseless(other),
  ),
  tls_client_auth_san_uri: alternative('uniformResourceIdentifier', 'URI', (one, other) => one === other),
  tls_client_auth_san_ip: alternative('iPAddress', 'IP address', isSameAddress),
  tls_client_auth_san_email: alternative('rfc822Name', 'e-mail address', isSameMailbox),
}

/** Whether the client registered the name of a certificate. */
export function hasCertificateName(client: Pick<ClientConfig, CertificateName>): boolean {
  return CERTIFICATE_NAMES.some((member) => client[member] !== undefined)
}

/**
 * What the certificate says instead of the client's registered name; undefined where it says that name.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2
 */
export async function otherName(der: Buffer, client: ClientConfig): Promise<string | undefined> {
  const member = CERTIFICATE_NAMES.find((each) => client[each] !== undefined)
  if (member === undefined) return `the client registered none of ${oneOf(CERTIFICATE_NAMES)}`
  const registered = client[member] as string
  // What reads them comes in only now.
  const { certifiedNames } = await import('../keys/certified_names.ts')
  const names = certifiedNames(der)
  const expected = `expected ${member} ${legible(registered)}`
  if (names === undefined) return `its names cannot be read, ${expected}`
  const { what, written, includes } = KINDS[member]
  if (includes(names, registered)) return undefined
  const [...came] = written(names).map(legible)
  return `it has ${came.length === 0 ? `no ${what}` : `the ${what} ${oneOf(came)}`}, ${expected}`
}

const MOST_SHOWN = 200

/** Names are longer than most of what messages repeat. */
function legible(name: string): string {
  return name.length > MOST_SHOWN ? shown(name) : name
}

type Alternative = 'dNSName' | 'uniformResourceIdentifier' | 'iPAddress' | 'rfc822Name'

function alternative(
  type: Alternative,
  what: string,
  isSame: (registered: string, name: string) => boolean,
): Kind {
  const written = ({ alternatives }: CertifiedNames) => alternatives.flatMap((name) => name[type] ?? [])
  const includes: Kind['includes'] = (names, registered) =>
    written(names).some((name) => isSame(registered, name))
  return { what, written, includes }
}

function caseless(text: string): string {
  return text.toLowerCase()
}

/** The address itself is compared, not how it is written, RFC 8705 §2.1.2. */
function isSameAddress(registered: string, name: string): boolean {
  const canonical = (text: string) => (isIP(text) === 6 ? urlOf(`http://[${text}]`)?.hostname : text)
  const address = canonical(registered)
  return isIP(registered) !== 0 && address !== undefined && address === canonical(name)
}

/** The host in any letter case. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-7.5 */
function isSameMailbox(registered: string, name: string): boolean {
  const canonical = (text: string) => text.replace(/@[^@]*$/, caseless)
  return canonical(registered) === canonical(name)
}
