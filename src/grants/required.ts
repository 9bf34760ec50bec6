import { OAuthError } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'

/** @throws OAuthError param.missing */
export function requiredParam(name: string, params: Params): string {
  const value = first(params, name)
  if (value !== undefined) return value
  throw new OAuthError('param.missing', `${name} is missing`, { detail: { name } })
}
