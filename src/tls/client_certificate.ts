/** Certificates for clients of the configuration, as a partner would order them from its CA. */
import type { GeneralNameType, JsonAttributeAndValue, JsonGeneralName, JsonNameParams } from '@peculiar/x509'
import type { CERTIFICATE_NAMES } from '../config/client_tls.ts'
import type { ClientConfig } from '../config/resolve.ts'
import { type Attribute, parseDistinguishedName } from '../protocol/distinguished_name.ts'
import { type Library, makeCertificate, type Pem } from './certificate.ts'

const DAYS = 397

type SanKey = Exclude<(typeof CERTIFICATE_NAMES)[number], 'tls_client_auth_subject_dn'>

const SAN_TYPES: Readonly<Record<SanKey, GeneralNameType>> = {
  tls_client_auth_san_dns: 'dns',
  tls_client_auth_san_uri: 'url',
  tls_client_auth_san_ip: 'ip',
  tls_client_auth_san_email: 'email',
}

type Named = Pick<ClientConfig, 'client_id' | (typeof CERTIFICATE_NAMES)[number]>

/** A certificate that names the client as the client registered it. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2 */
export async function clientCertificate(client: Named, authority: Pem): Promise<Pem> {
  const names = alternativeNames(client)
  const draft = {
    subject: () => subjectOf(client),
    days: DAYS,
    issuer: authority,
    extensions: (x509: Library) => [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  }
  return await makeCertificate(draft)
}

/** The text of RFC 4514 begins with what the certificate ends with. */
function subjectOf({ client_id, tls_client_auth_subject_dn: name }: Named): JsonNameParams {
  if (name === undefined) return [{ CN: [{ utf8String: client_id }] }]
  return parseDistinguishedName(name).toReversed().map(relativeName)
}

function relativeName(attributes: readonly Attribute[]): JsonAttributeAndValue {
  const values = new Map<string, Encoded[]>()
  for (const { type, value } of attributes) {
    values.set(type, [...(values.get(type) ?? []), encoded(type, value)])
  }
  // The library takes what its types do not: a text beside one that says its kind.
  return Object.fromEntries(values) as JsonAttributeAndValue
}

type Encoded = string | { [kind in 'utf8String' | 'printableString' | 'ia5String']?: string }

/** An encoding goes to the library as its digits. */
function encoded(type: string, value: Attribute['value']): Encoded {
  return typeof value === 'string' ? { [KINDS[type] ?? 'utf8String']: value } : `#${value.toString('hex')}`
}

/**
 * Attributes that are no UTF8String: C, serialNumber and dnQualifier; DC and the e-mail address.
 * @see https://www.rfc-editor.org/rfc/rfc5280.html#appendix-A.1
 */
const KINDS: Readonly<Record<string, 'printableString' | 'ia5String'>> = {
  '2.5.4.6': 'printableString',
  '2.5.4.5': 'printableString',
  '2.5.4.46': 'printableString',
  '0.9.2342.19200300.100.1.25': 'ia5String',
  '1.2.840.113549.1.9.1': 'ia5String',
}

function alternativeNames(client: Named): JsonGeneralName[] {
  return Object.entries(SAN_TYPES).flatMap(([key, type]) => {
    const value = client[key as SanKey]
    return value === undefined ? [] : [{ type, value }]
  })
}
