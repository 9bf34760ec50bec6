/** The CA of the provider: it signs the certificate of https, and those of clients that want one. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createClock, instant } from '../clock.ts'
import { codeOf, writeAtomically } from '../keys/atomic_file.ts'
import { KeyError } from '../keys/key_error.ts'
import type { KeyFile } from '../keys/state.ts'
import { type Library, makeCertificate, type Pem } from './certificate.ts'

export interface Authority extends Pem {
  /** A file with the certificate alone, where the CA is kept. */
  readonly file?: string
}

const TEN_YEARS = 3650

/** Makes a CA that signs no other CA. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.2.1.9 */
export function makeAuthority(): Promise<Pem> {
  const draft = {
    subject: (id: string) => [{ CN: [`IdP Double CA ${id}`] }],
    days: TEN_YEARS,
    extensions: (x509: Library) => [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  }
  return makeCertificate(draft)
}

/** The CA of a state directory: the same at every start, its certificate in `ca.pem`. @throws KeyError */
export async function keptAuthority(keyFile: KeyFile): Promise<Authority> {
  const text = await keyFile.secret('tls/ca', async () => {
    const { cert, key } = await makeAuthority()
    return `${cert}${key}`
  })
  const { cert, key } = read(text, keyFile.path)
  const file = join(dirname(keyFile.path), 'ca.pem')
  await publish(file, cert)
  return { cert, key, file }
}

function read(text: string, at: string): Pem {
  const [cert = '', key = ''] = text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n/g) ?? []
  const fix = 'restore the file from a copy, or delete it: then new keys and a new CA are made'
  try {
    const certificate = new X509Certificate(cert)
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new TypeError('the key is of another CA')
    if (instant(certificate.validTo).getTime() > createClock().now()) return { cert, key }
  } catch (cause) {
    throw new KeyError(`its CA (secrets, tls/ca) cannot be used; ${fix}`, { at, cause })
  }
  throw new KeyError(`its CA (secrets, tls/ca) has expired; ${fix}`, { at })
}

/** For all to read, other than the key; what is right already is not written, so that others may be reading it. */
async function publish(file: string, cert: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch(() => '')
  if (found === cert) return
  await writeAtomically(file, cert, 0o644).catch((cause: unknown) => {
    const fix = 'make server.state_dir a writable directory, or leave it out to keep the CA in memory'
    throw new KeyError(`cannot be written (${codeOf(cause)}); ${fix}`, { at: file, cause })
  })
}
