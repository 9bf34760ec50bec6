/** Certificates and subject names that nobody has in good faith; fast-check prints the seed of a failure. */
import { X509Certificate } from 'node:crypto'
import type { JsonGeneralName } from '@peculiar/x509'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifiedNames } from '../../src/keys/certified_names.ts'
import { ATTRIBUTE_NAMES } from '../../src/protocol/attribute_types.ts'
import {
  type DistinguishedName,
  isSameName,
  MalformedName,
  parseDistinguishedName,
  writtenName,
} from '../../src/protocol/distinguished_name.ts'
import { fileWith } from '../support/folder.ts'
import { startSecure } from '../support/tls.ts'
import { ask, certified, makeCa } from '../support/tls_client.ts'

const RUNS = { numRuns: 1000 }
const HANDSHAKES = { numRuns: 40 }

/** Text that is made of what names are made of. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(...'CN=,+;"\\#<> /0cC1.:', 'DNS:', ', DNS:partner.test', '\n', '\0', 'é', 'ﬁ'),
  }),
)
const attribute = fc.record({
  type: fc.oneof(
    fc.constantFrom(...ATTRIBUTE_NAMES.keys()),
    fc.constant('1.2.840.1'),
    fc.constant('2.999.1'),
  ),
  value: fc.oneof(
    hostile,
    fc.uint8Array({ minLength: 1, maxLength: 9 }).map((octets) => Buffer.from(octets)),
  ),
})
const name: fc.Arbitrary<DistinguishedName> = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
})

describe('RFC 4514 names', () => {
  it('are read, or refused for what is wrong with them', () => {
    const law = (text: string) => {
      try {
        expect(parseDistinguishedName(text).flat().length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedName)
        expect((error as Error).message).not.toBe('')
      }
    }
    fc.assert(fc.property(hostile, law), RUNS)
  })

  it('mean what they were written for, in either order, and nothing more', () => {
    const law = (dn: DistinguishedName) => {
      const read = parseDistinguishedName(writtenName(dn))
      expect(isSameName(read, dn)).toBe(true)
      expect(isSameName(read.toReversed(), dn)).toBe(true)
      expect(isSameName([...read, [{ type: '2.5.4.3', value: 'more' }]], dn)).toBe(false)
      expect(isSameName([...read.slice(1)], dn)).toBe(false)
    }
    fc.assert(fc.property(name, law), RUNS)
  })

  it('are refused as well where what is wrong comes a hundred thousand times', () => {
    for (const text of ['"', '\\', '\\4', ',', '+', 'a=', 'CN=#0c', ' ', '1.'].map((part) =>
      part.repeat(100_000),
    ))
      expect(() => parseDistinguishedName(text)).toThrow(MalformedName)
  })
})

const sane = await certified({
  subject: [{ C: ['NO'] }, { CN: ['partner'] }],
  names: [{ type: 'dns', value: 'a.test' }],
})

describe('names in DER', () => {
  it('are read or given up, whatever octets are changed', () => {
    const der = new X509Certificate(sane.cert).raw
    const law = (changes: readonly (readonly [number, number])[], length: number) => {
      const bent = Buffer.from(der.subarray(0, length))
      for (const [at, octet] of changes) if (at < length) bent[at] = octet
      const names = certifiedNames(bent)
      expect(names === undefined || Array.isArray(names.subject)).toBe(true)
    }
    const change = fc.tuple(fc.nat(der.length), fc.nat(255))
    fc.assert(fc.property(fc.array(change, { maxLength: 5 }), fc.nat(der.length), law), RUNS)
    expect(certifiedNames(der)?.subject).toEqual([
      [{ type: '2.5.4.6', value: 'NO' }],
      [{ type: '2.5.4.3', value: 'partner' }],
    ])
  })
})

describe('clients with hostile certificates', () => {
  const latin1 = fc.string({
    unit: fc.constantFrom(...', "\\:=DNSpartner.test\u0000\n\u00e9'),
    maxLength: 40,
  })
  const named = fc.array(fc.record({ type: fc.constantFrom('dns', 'url', 'email'), value: latin1 }), {
    maxLength: 3,
  })

  it('are let in by the very name that is registered only, and never break the provider', async () => {
    const issuer = await makeCa()
    await using secure = await startSecure({
      server: { tls: { client_ca: fileWith('hostile.pem', issuer.cert) } },
      clients: [
        { client_id: 'dns', tls_client_auth_san_dns: 'partner.test' },
        { client_id: 'dn', tls_client_auth_subject_dn: 'CN=partner' },
        { client_id: 'both', jwks: { keys: [{ kty: 'EC' }] } },
      ],
    })
    const law = async (value: string, names: { type: string; value: string }[]) => {
      const subject = [{ CN: [{ utf8String: value }] }]
      const made = await certified({ subject, names: names as JsonGeneralName[], issuer })
      const statuses = ['dns', 'dn', 'both', value].map(
        async (client_id) => (await ask(secure.as(made), secure.httpsUrl, client_id)).status,
      )
      const hasName = names.some(({ type, value: each }) => type === 'dns' && each === 'partner.test')
      const [dns, dn, ...others] = await Promise.all(statuses)
      expect([dns, dn]).toEqual([hasName ? 200 : 401, folded(value) === 'partner' ? 200 : 401])
      expect(Math.max(...(others as number[]))).toBeLessThan(500)
    }
    const subjects = fc.oneof(
      hostile,
      fc.constantFrom('partner', ' Partner ', 'partner,CN=x', '#0c07706172746e6572'),
    )
    await fc.assert(fc.asyncProperty(subjects, named, law), HANDSHAKES)
  })
})

function folded(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
}
