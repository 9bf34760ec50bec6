/** The names that a certificate is for. Few clients register one: import this only where it is needed. */
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AttributeValue,
  Certificate,
  type GeneralName,
  id_ce_subjectAltName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import { type DistinguishedName, isSameName } from '../protocol/distinguished_name.ts'

export interface CertifiedNames {
  /** In the order of its encoding. */
  readonly subject: DistinguishedName
  /** Whether a name means the subject. */
  isSubject(name: DistinguishedName): boolean
  readonly alternatives: readonly GeneralName[]
}

/**
 * The subject and its alternative names; undefined for what is no certificate.
 * @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.2.1.6
 */
export function certifiedNames(der: Buffer): CertifiedNames | undefined {
  try {
    const { subject: parts, extensions = [] } = AsnConvert.parse(der, Certificate).tbsCertificate
    const subject = parts.map((part) =>
      part.map(({ type, value }) => ({ type, value: attributeValue(value) })),
    )
    const found = extensions.find(({ extnID }) => extnID === id_ce_subjectAltName)
    return {
      subject,
      isSubject: (name) => isSameName(decodedName(name), subject),
      alternatives: found === undefined ? [] : AsnConvert.parse(found.extnValue, SubjectAlternativeName),
    }
  } catch {
    return undefined
  }
}

/** The name with its encoded values as text, where they are text. @see https://www.rfc-editor.org/rfc/rfc4514.html#section-2.4 */
function decodedName(name: DistinguishedName): DistinguishedName {
  return name.map((part) => part.map(({ type, value }) => ({ type, value: decoded(value) })))
}

function decoded(value: string | Buffer): string | Buffer {
  try {
    return typeof value === 'string' ? value : attributeValue(AsnConvert.parse(value, AttributeValue))
  } catch {
    return value
  }
}

function attributeValue(value: AttributeValue): string | Buffer {
  return value.anyValue === undefined ? value.toString() : Buffer.from(value.anyValue)
}
