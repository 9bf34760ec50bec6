import { generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { work } from './process.mjs'

let made

/** One RSA key for all that are given a ready one, as PEM and as JWK. */
export function keyFiles() {
  if (made !== undefined) return made
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  made = { pem: path.join(work, 'key.pem'), jwk: path.join(work, 'key.jwk.json') }
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'bench' }
  fs.writeFileSync(made.pem, privateKey.export({ format: 'pem', type: 'pkcs8' }))
  fs.writeFileSync(made.jwk, JSON.stringify(jwk))
  return made
}
