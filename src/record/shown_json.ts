/** Parameters and JSON as they are shown. */
import { isTooDeep, type Json, Literal, type Members } from '../protocol/json.ts'
import type { Params } from '../protocol/params.ts'
import { isPrivateMember, isSecretName, isSecretParam } from './secret_names.ts'
import type { Shade } from './shade.ts'
import { shownUrl } from './shown_text.ts'

/** A parameter that came once is a text, one that came more often a list. */
export type ShownParams = { readonly [name: string]: string | readonly string[] }

export function shownParams(params: Params, shade: Shade): ShownParams {
  const pairs = [...params].map(([name, values]) => {
    const shown = values.map((value) => (isSecretParam(name) ? shade.secret(value) : shownUrl(value, shade)))
    return [shade.text(name), shown.length === 1 ? (shown[0] as string) : shown] as const
  })
  return Object.fromEntries(pairs)
}

/** How names are judged: those of a request are parameters mostly. */
export type IsSecret = (name: string) => boolean

/** A JSON value that came from outside. */
export function shownJson(value: unknown, shade: Shade, isSecret: IsSecret = isSecretName): Json {
  return isTooDeep(value) ? '(nested too deep to be shown)' : below('', value as Json, { shade, isSecret })
}

/** A JSON object of ours, repeated names and broken values as they went out. */
export function shownMembers(members: Members, shade: Shade): { readonly [name: string]: Json } {
  const pairs = members.map(({ name, value }) => {
    const plain = value instanceof Literal ? parsed(value.text) : value
    return [shade.text(name), below(name, plain, { shade, isSecret: isSecretName })] as const
  })
  return Object.fromEntries(pairs)
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

interface Look {
  readonly shade: Shade
  readonly isSecret: IsSecret
}

function below(name: string, value: Json, look: Look): Json {
  const { shade, isSecret } = look
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'object') {
    return Array.isArray(value)
      ? value.map((each: Json) => below(name, each, look))
      : members(value as { readonly [name: string]: Json }, look)
  }
  if (isSecret(name)) return shade.isClear ? value : shade.secret(String(value))
  return typeof value === 'string' ? shownUrl(value, shade) : value
}

function members(value: { readonly [name: string]: Json }, look: Look): Json {
  const { shade, isSecret } = look
  const isJwk = typeof value['kty'] === 'string'
  const inside: Look = isJwk ? { shade, isSecret: (name) => isPrivateMember(name) || isSecret(name) } : look
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [shade.text(name), below(name, member, inside)]),
  )
}
