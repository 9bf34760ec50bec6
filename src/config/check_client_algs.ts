import {
  type CheckContext,
  checkAlg,
  type DraftClient,
  lacks,
  type PathIn,
  PUBLIC_KEYS,
  SECRETS,
  type TenantView,
} from './check_rules.ts'

const ASYMMETRIC = /^(RSA|ECDH)-/
const ENCRYPTED = ['id_token', 'userinfo'] as const
const SIGNED = ['id_token_signed_response_alg', 'userinfo_signed_response_alg'] as const
const ENCRYPTION_KEYS = ['jwks', 'jwks_uri'] as const

/** What is signed, encrypted or verified for a client: each algorithm has the key or the secret it needs. */
export function checkClientAlgs(
  client: DraftClient,
  { pathIn, at }: { pathIn: PathIn; at: TenantView },
  cx: CheckContext,
): void {
  for (const key of SIGNED) {
    const alg = client[key]
    if (alg === undefined || alg === 'none') continue
    if (alg.startsWith('HS')) needs(SECRETS, { client, key, pathIn }, cx)
    else checkAlg(alg, () => pathIn(key), at, cx)
  }
  const key = 'request_object_signing_alg'
  const alg = client[key]
  if (alg !== undefined && alg !== 'none') {
    needs(alg.startsWith('HS') ? SECRETS : PUBLIC_KEYS, { client, key, pathIn }, cx)
  }
  for (const what of ENCRYPTED) checkEncryption(what, { client, pathIn }, cx)
}

/** @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
function checkEncryption(
  what: (typeof ENCRYPTED)[number],
  { client, pathIn }: { client: DraftClient; pathIn: PathIn },
  cx: CheckContext,
): void {
  const key = `${what}_encrypted_response_alg` as const
  const enc = `${what}_encrypted_response_enc` as const
  const alg = client[key]
  if (alg !== undefined) {
    needs(ASYMMETRIC.test(alg) ? ENCRYPTION_KEYS : SECRETS, { client, key, pathIn }, cx)
  }
  // MUST also be provided: the algorithm, where the encryption of the content is chosen.
  if (enc in client && !(key in client)) {
    cx.findings.push({
      path: pathIn(enc),
      at: 'key',
      message: `${enc} needs ${key}: add it, or leave this out`,
    })
  }
}

type AlgKey =
  | (typeof SIGNED)[number]
  | `${(typeof ENCRYPTED)[number]}_encrypted_response_alg`
  | 'request_object_signing_alg'

function needs(
  keys: readonly string[],
  { client, key, pathIn }: { client: DraftClient; key: AlgKey; pathIn: PathIn },
  cx: CheckContext,
): void {
  if (!lacks(client, keys)) return
  const names = `${keys.slice(0, -1).join(', ')} or ${keys.at(-1)}`
  cx.findings.push({ path: pathIn(key), message: `${client[key]} needs ${names}` })
}
