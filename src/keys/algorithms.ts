/** The signature algorithms of our keys: one entry per `alg`, and nothing else in the house enumerates them. */
import { constants, generateKeyPair, type KeyObject, type SigningOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { KeyError } from './key_error.ts'

interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** How an `alg` signs, and which keys may carry it. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1 */
export interface Algorithm {
  readonly alg: string
  readonly keyType: 'rsa' | 'ec' | 'ed25519'
  /** OpenSSL's name of the curve; absent where the key type says it all. */
  readonly curve?: string
  /** Null where the algorithm brings its own hash. */
  readonly hash: string | null
  readonly signing: SigningOptions
  /** A new key pair, made on the thread pool. */
  readonly generate: () => Promise<KeyPair>
}

/** MUST be 2048 bits or larger. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.3 */
const LEAST_RSA_BITS = 2048
const DEFAULT_ALG = 'RS256'

const generate = promisify(generateKeyPair)

function pkcs1(bits: number): Algorithm {
  return { ...rsa, alg: `RS${bits}`, hash: `sha${bits}`, signing: {} }
}

/** @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.5 */
function pss(bits: number): Algorithm {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants
  return { ...rsa, alg: `PS${bits}`, hash: `sha${bits}`, signing: { padding, saltLength } }
}

/** @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4 */
function ecdsa(bits: number, curve: string): Algorithm {
  return {
    alg: `ES${bits}`,
    keyType: 'ec',
    curve,
    hash: `sha${bits}`,
    signing: { dsaEncoding: 'ieee-p1363' },
    generate: () => generate('ec', { namedCurve: curve }),
  }
}

const rsa: Pick<Algorithm, 'keyType' | 'generate'> = {
  keyType: 'rsa',
  generate: () => generate('rsa', { modulusLength: LEAST_RSA_BITS }),
}

/** Of the algorithms that a key may carry, the first is its default. */
const ALGORITHMS: readonly Algorithm[] = [
  pkcs1(256),
  pkcs1(384),
  pkcs1(512),
  pss(256),
  pss(384),
  pss(512),
  ecdsa(256, 'prime256v1'),
  ecdsa(384, 'secp384r1'),
  ecdsa(512, 'secp521r1'),
  // Ed25519 only: Ed448 is rare in the libraries that read our tokens. https://www.rfc-editor.org/rfc/rfc8037.html#section-3.1
  { alg: 'EdDSA', keyType: 'ed25519', hash: null, signing: {}, generate: () => generate('ed25519', {}) },
]

const BY_ALG: ReadonlyMap<string, Algorithm> = new Map(
  ALGORITHMS.map((algorithm) => [algorithm.alg, algorithm]),
)

/** Every `alg` that our keys can sign with. */
export const signingAlgs: readonly string[] = [...BY_ALG.keys()]

/** The algorithm of this name. @throws KeyError */
export function algorithmNamed(alg: string = DEFAULT_ALG, at = 'alg'): Algorithm {
  const algorithm = BY_ALG.get(alg)
  if (algorithm !== undefined) return algorithm
  const why = /^HS\d+$/.test(alg)
    ? `${alg} signs with a client secret, a key pair cannot carry it`
    : `unknown signature algorithm ${JSON.stringify(alg)}`
  throw new KeyError(`${why}; expected one of ${signingAlgs.join(', ')}`, { at })
}

/** Whether a key may carry an algorithm. */
export function fits({ keyType, curve }: Algorithm, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== keyType) return false
  return curve === undefined || key.asymmetricKeyDetails?.namedCurve === curve
}

/** The algorithm for a key: the one that is asked for if the key can carry it, else its default. @throws KeyError */
export function algorithmFor(key: KeyObject, alg: string | undefined, at: string): Algorithm {
  const possible = ALGORITHMS.filter((algorithm) => fits(algorithm, key))
  const fallback = possible[0]
  if (fallback === undefined) throw new KeyError(`${describe(key)} cannot sign here; ${USABLE}`, { at })
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < LEAST_RSA_BITS) {
    throw new KeyError(
      `an RSA key of ${bits} bits, expected ${LEAST_RSA_BITS} or more (RFC 7518 section 3.3)`,
      { at },
    )
  }
  if (alg === undefined) return fallback
  const wanted = algorithmNamed(alg, at)
  if (possible.includes(wanted)) return wanted
  const algs = possible.map((algorithm) => algorithm.alg).join(', ')
  throw new KeyError(
    `alg ${alg} does not fit ${describe(key)}; it can carry ${algs}. Change alg, or leave it out`,
    { at },
  )
}

const USABLE =
  'expected an RSA key (2048 bits or more), an EC key on P-256, P-384 or P-521, or an Ed25519 key'

/** How OpenSSL calls a key, for messages. */
function describe({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa-pss') return 'an RSA key that is restricted to RSASSA-PSS (rsa-pss)'
  const curve = asymmetricKeyDetails?.namedCurve
  return `a key of type ${asymmetricKeyType}${curve === undefined ? '' : ` on ${curve}`}`
}
