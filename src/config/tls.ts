import * as v from 'valibot'
import { port } from './port.ts'
import { text, textLike } from './scalars.ts'
import { described, strict } from './strict.ts'

/** A host name, one with `*` for its first label, or an IP address. */
const SUBJECT_NAME =
  /^((\*\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/

/** How https is served. */
export function tls() {
  return strict({
    port: described(
      v.optional(port()),
      'Port of https, 0 to 65535; 0 takes any free port; default 8443, or 0 where port is 0.',
    ),
    certificate: described(
      v.optional(v.union([v.literal('auto'), certificateFiles()], 'auto or a map'), 'auto'),
      "auto: a certificate of the provider's own CA. Or the PEM files of another. Default auto.",
    ),
    names: described(
      v.optional(v.array(textLike(SUBJECT_NAME, 'a host name, *.host.name or an IP address')), []),
      'More names for the certificate, beside localhost, 127.0.0.1, ::1, host.docker.internal, the name of this machine and those that the configuration mentions; default none.',
    ),
    client_ca: described(
      v.optional(v.nullable(text()), null),
      'CA of client certificates: auto is the own CA, else a PEM file, relative to this file; default null: none.',
    ),
  })
}

function certificateFiles() {
  return strict({
    cert_file: described(text(), 'PEM file with the certificate and its chain, relative to this file.'),
    key_file: described(text(), 'PEM file with the private key, relative to this file.'),
  })
}
