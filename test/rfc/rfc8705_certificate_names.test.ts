import type { JsonGeneralName, JsonNameParams } from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import type { ClientInput } from '../support/configured.ts'
import { fileWith } from '../support/folder.ts'
import type { Answer } from '../support/http.ts'
import { startSecure } from '../support/tls.ts'
import { ask, certified, invalidClient, makeCa, refusalOf } from '../support/tls_client.ts'
import { headerOf } from '../support/token.ts'

const partner = (registered: Partial<ClientInput>): ClientInput => ({
  client_id: 'partner',
  token_endpoint_auth_method: 'tls_client_auth',
  ...registered,
})

const issuer = await makeCa()
const client_ca = fileWith('issuer.pem', issuer.cert)

interface Names {
  readonly subject?: JsonNameParams
  readonly names?: JsonGeneralName[]
}

/** What a client with this name is answered if it comes with a certificate that has these. */
async function answerTo(registered: Partial<ClientInput>, names: Names): Promise<Answer> {
  await using secure = await startSecure({ server: { tls: { client_ca } }, clients: [partner(registered)] })
  return await ask(secure.as(await certified({ ...names, issuer })), secure.httpsUrl)
}

const refused = (description: RegExp) => invalidClient('client.certificate_mismatch', description)

describe('RFC 8705 §2.1.2 Client Registration Metadata: a name in a certificate of a trusted CA', () => {
  it.each([
    ['tls_client_auth_subject_dn', 'CN=partner,OU=a\\,b+OU=c,O=Exämple AS,C=NO'],
    ['tls_client_auth_subject_dn', 'CN=partner,2.5.4.97=#0c0d50534e4f2d4653412d31323334'],
    ['tls_client_auth_subject_dn', 'CN=#030200ff,1.2.643.3.131.1.1=#120c303037383134353038393231'],
    ['tls_client_auth_san_dns', 'partner.example.test'],
    ['tls_client_auth_san_uri', 'spiffe://example.test/ns/partner'],
    ['tls_client_auth_san_ip', '192.0.2.7'],
    ['tls_client_auth_san_ip', '2001:DB8:0:0:0::1'],
    ['tls_client_auth_san_email', 'partner@example.test'],
  ])('accepts a certificate whose %s is %s', async (member, value) => {
    const clients = [partner({ [member]: value })]
    await using secure = await startSecure({ server: { tls: { client_ca: 'auto' } }, clients })
    const answer = await ask(secure.as(await secure.idp.clientCertificate('partner')), secure.httpsUrl)
    expect(answer.status, answer.text).toBe(200)
    expect(headerOf(answer)['typ']).toBe('at+jwt')
  })

  it.each([
    ['a subject', { tls_client_auth_subject_dn: 'CN=other,O=Example' }, /subject CN=partner, expected/],
    ['a part of the subject', { tls_client_auth_subject_dn: 'CN=partner,O=Example' }, /O=Example$/],
    ['a DNS name', { tls_client_auth_san_dns: 'other.test' }, /DNS name a\.test, expected .* other\.test/],
    ['a name below a DNS name', { tls_client_auth_san_dns: 'x.a.test' }, /the DNS name a\.test/],
    ['a URI of other case', { tls_client_auth_san_uri: 'urn:EXAMPLE:a' }, /the URI urn:example:a/],
    ['an IP address', { tls_client_auth_san_ip: '192.0.2.8' }, /the IP address 192\.0\.2\.7/],
    ['a mailbox of other case', { tls_client_auth_san_email: 'A@a.test' }, /the e-mail address a@a\.test/],
  ])('refuses %s that is not there, and says what is', async (_what, registered, description) => {
    const names: JsonGeneralName[] = [
      { type: 'dns', value: 'a.test' },
      { type: 'url', value: 'urn:example:a' },
      { type: 'ip', value: '192.0.2.7' },
      { type: 'email', value: 'a@a.test' },
    ]
    expect(refusalOf(await answerTo(registered, { names }))).toEqual(refused(description))
  })

  it.each([
    ['tls_client_auth_san_dns', 'no DNS name'],
    ['tls_client_auth_san_email', 'no e-mail address'],
    ['tls_client_auth_san_uri', 'no URI'],
  ])('says that a certificate has nothing for %s', async (member, what) => {
    const answer = await answerTo({ [member]: 'urn:example:a' }, {})
    expect(refusalOf(answer)).toEqual(refused(new RegExp(`: it has ${what}, expected ${member} urn:example`)))
  })

  it('says that a certificate has no subject', async () => {
    const answer = await answerTo({ tls_client_auth_subject_dn: 'CN=partner' }, { subject: [] })
    expect(refusalOf(answer)).toEqual(refused(/it has no subject, expected .* CN=partner$/))
  })

  it.each([
    ['tls_client_auth_san_dns', 'A.test'],
    ['tls_client_auth_san_dns', 'b.test'],
    ['tls_client_auth_san_email', 'a@A.TEST'],
  ])('finds the %s %s among alternative names of every kind', async (member, value) => {
    const names: JsonGeneralName[] = [
      { type: 'upn', value: 'x@a.test' },
      { type: 'guid', value: '5b0d9b1e-3c11-4222-8333-44445555abcd' },
      { type: 'id', value: '1.2.3.4' },
      { type: 'dn', value: 'CN=x' },
      { type: 'dns', value: 'a.test' },
      { type: 'dns', value: 'b.test' },
      { type: 'email', value: 'a@a.test' },
    ]
    expect((await answerTo({ [member]: value }, { names })).status).toBe(200)
  })
})

const SUBJECT = [{ C: ['NO'] }, { O: ['Example AS'] }, { CN: ['Partner One'] }]
const LONG = 'x'.repeat(200)

describe('RFC 8705 §2.1.2 a subject, compared by what it means (RFC 4514, RFC 4517 §4.2.11)', () => {
  it.each([
    ['in the order of the certificate', 'C=NO,O=Example AS,CN=Partner One', SUBJECT],
    ['with spaces around separators', 'CN = Partner One, O = Example AS, C = NO', SUBJECT],
    ['in other letter case and spaces', 'cn=partner  ONE,o=EXAMPLE as,c=no', SUBJECT],
    ['with identifiers for names', '2.5.4.3=Partner One,OID.2.5.4.10=Example AS,2.5.4.6=NO', SUBJECT],
    ['with encoded values', 'CN=#0c0b506172746e6572204f6e65,O=Example AS,C=NO', SUBJECT],
    ['with escaped octets', 'CN=Partner\\20One,O=\\45xample AS,C=NO', SUBJECT],
    ['with quotes and semicolons', 'CN="Partner One";O="Example AS";C=NO', SUBJECT],
    ['as a long encoded value', `CN=#0c81c8${'78'.repeat(200)}`, [{ CN: [LONG] }]],
    ['as the encoding of no text', 'CN=#030200AF', [{ CN: ['#030200af'] }]],
    ['where it is 16-bit text', 'CN=Größe', [{ CN: [{ bmpString: 'Größe' }] }]],
    ['with its parts in another order', 'OU=b+CN=a,O=c', [{ O: ['c'] }, { CN: ['a'], OU: ['b'] }]],
  ])('is the same %s', async (_what, tls_client_auth_subject_dn, subject: JsonNameParams) => {
    const answer = await answerTo({ tls_client_auth_subject_dn }, { subject })
    expect(answer.status, answer.text).toBe(200)
  })

  it.each([
    ['an encoding', 'CN=#030200af', [{ CN: [{ utf8String: '#030200af' }] }], /CN=\/#030200af, expected/],
    ['the text of an encoding', 'CN=\\#030200af', [{ CN: ['#030200af'] }], /CN=#030200af, expected/],
    ['no encoding at all', 'CN=#0c05aa', [{ CN: ['a'] }], /CN=a, expected .* CN=#0c05aa$/],
    ['another attribute', 'O=a', [{ CN: ['a'] }], /the subject CN=a, expected/],
    ['two parts in one', 'CN=a+O=b', [{ O: ['b'] }, { CN: ['a'] }], /the subject CN=a,O=b, expected/],
    ['more than there is', 'CN=a', [{ CN: ['a'] }, { CN: ['a'] }], /the subject CN=a,CN=a, expected/],
  ])('is not %s', async (_what, registered, subject: JsonNameParams, description) => {
    const answer = await answerTo({ tls_client_auth_subject_dn: registered }, { subject })
    expect(refusalOf(answer)).toEqual(refused(description))
  })
})
