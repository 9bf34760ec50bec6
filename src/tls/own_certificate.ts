/** Certificates that the configuration brings along. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { createClock, instant } from '../clock.ts'
import type { TlsConfig } from '../config/resolve.ts'
import { readCertificate } from '../keys/certificate.ts'
import { KeyError } from '../keys/key_error.ts'
import { readPem } from '../keys/read_key.ts'
import type { Pem } from './certificate.ts'

const CERT_FILE = 'server.tls.certificate.cert_file'
const KEY_FILE = 'server.tls.certificate.key_file'
const CLIENT_CA = 'server.tls.client_ca'

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Checks the files of the configuration, so that a wrong one ends the start and not each handshake. @throws KeyError */
export function checkFiles({ certificate, client_ca }: Pick<TlsConfig, 'certificate' | 'client_ca'>): void {
  if (certificate !== 'auto') checkPair(certificate)
  if (client_ca === null || client_ca === 'auto') return
  readCertificate(client_ca, CLIENT_CA)
  for (const [pem] of client_ca.matchAll(CERTIFICATES)) readCertificate(pem, CLIENT_CA)
}

function checkPair({ cert, key }: Pem): void {
  readCertificate(cert, CERT_FILE)
  readPem(key, KEY_FILE)
  const certificate = new X509Certificate(cert)
  const now = createClock().now()
  const { validFrom, validTo, subject } = certificate
  if (instant(validTo).getTime() <= now)
    throw new KeyError(`the certificate of ${shown(subject)} has expired (${validTo}); renew it`, {
      at: CERT_FILE,
    })
  if (instant(validFrom).getTime() > now)
    throw new KeyError(`the certificate of ${shown(subject)} is not valid before ${validFrom}`, {
      at: CERT_FILE,
    })
  if (!certificate.checkPrivateKey(createPrivateKey(key)))
    throw new KeyError(
      `the private key is not that of the certificate in cert_file (${shown(subject)}), which must stand first in its file`,
      { at: KEY_FILE },
    )
  usable({ cert, key })
}

/** OpenSSL has demands of its own: a key that is too short, a digest that is too old. */
function usable({ cert, key }: Pem): void {
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KeyError(`a certificate that OpenSSL does not serve (${why})`, { at: CERT_FILE, cause })
  }
}

function shown(subject: string): string {
  return subject.replaceAll('\n', ', ')
}
