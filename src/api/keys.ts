/** The signing keys, as a test rotates them. */
import type { Json } from '../protocol/json.ts'
import type { OfTenant } from './declared.ts'

/** A signing key; never its private half. */
export interface SigningKeyInfo {
  readonly kid: string
  readonly alg: string
  /** `active` signs and is published, `published` is only in the JWKS, `hidden` neither. */
  readonly status: 'active' | 'published' | 'hidden'
}

export interface Rotation {
  /** Default: RS256, or what the keys have instead. */
  readonly alg?: string | undefined
  /**
   * `publish` adds a key that does not sign yet, `activate` lets the newest published one sign, `retire` hides the old
   * ones from the JWKS, `withdraw` forgets what is hidden; without one: a new key signs, the old one stays published.
   */
  readonly step?: 'publish' | 'activate' | 'retire' | 'withdraw' | undefined
}

/** The signing keys of the tenant. */
export interface IdpKeys {
  list(of?: OfTenant): Promise<readonly SigningKeyInfo[]>
  /** One of them with its public half. */
  get(kid: string, of?: OfTenant): Promise<SigningKeyInfo & { readonly jwk: Readonly<Record<string, Json>> }>
  /** One step of a rotation, or all of it. Gives the keys as they are then. */
  rotate(rotation?: Rotation & OfTenant): Promise<readonly SigningKeyInfo[]>
  update(
    kid: string,
    changes: { readonly status: SigningKeyInfo['status'] },
    of?: OfTenant,
  ): Promise<SigningKeyInfo>
  delete(kid: string, of?: OfTenant): Promise<void>
  /** The Cache-Control header of the JWKS, such as `max-age=3600`; null: the usual one. */
  cacheControl(value: string | null, of?: OfTenant): Promise<void>
}
