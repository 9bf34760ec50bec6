/**
 * The checks, in the order in which a client would meet what they find: the first that fails says what to change
 * first. A new one is a file and a line here.
 */
import { algorithms } from './algorithms.ts'
import { answer } from './answer.ts'
import { caching } from './caching.ts'
import { certificate } from './certificate.ts'
import type { Check } from './check.ts'
import { clocks } from './clocks.ts'
import { connection } from './connection.ts'
import { cors } from './cors.ts'
import { endpoints } from './endpoints.ts'
import { entra } from './entra.ts'
import { hostName } from './host_name.ts'
import { issuer } from './issuer.ts'
import { issuerUrl } from './issuer_url.ts'
import { jwks } from './jwks.ts'
import { keys } from './keys.ts'
import { metadata } from './metadata.ts'
import { pathForms } from './path_forms.ts'
import { places } from './places.ts'

export const CHECKS: readonly Check[] = [
  issuerUrl,
  hostName,
  connection,
  certificate,
  answer,
  issuer,
  metadata,
  places,
  endpoints,
  jwks,
  keys,
  algorithms,
  clocks,
  entra,
  pathForms,
  cors,
  caching,
]
