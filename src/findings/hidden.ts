/** Texts of findings without secrets: what was sent in the wrong place is repeated where that is refused. */
import type { Context, Transaction } from '../context.ts'
import { printable } from '../protocol/errors.ts'
import { formOf } from '../protocol/messages.ts'

const HIDDEN = '***'

const NAMES =
  'code|password|device_code|code_verifier|assertion|client_assertion|\\w*secret|token|\\w+_token|id_token_hint'

const SECRET = new RegExp(`^(?:${NAMES})$`)

/** In a URL that is repeated. */
const PAIR = new RegExp(`([?&#](?:${NAMES})=)[^&#\\s]+`, 'g')

/** A JWT, or the beginning of one that was cut. */
const JWT = /\bey[\w-]{8,}(?:\.[\w-]+)+(?:\.\.\.)?/g

/** Shorter ones are ordinary words too often. */
const SHORTEST = 6

/** Messages cut long values: so much of a secret is enough to know it by. */
const HEAD = 24

/** A text about a request, with neither tokens nor what is secret in the request or of its client. */
export function withoutSecrets(
  text: string,
  { request, exchange }: Pick<Transaction, 'request' | 'exchange'>,
  { tenant }: Pick<Context, 'tenant'>,
): string {
  const client = tenant.registry.clients.get(exchange.client_id ?? '')
  const params = [...request.query, ...formOf(request), ...(exchange.params ?? [])]
  const sent = params.flatMap(([name, values]) => (SECRET.test(name) ? values : []))
  const secrets = [...new Set([...(client?.secrets ?? []), ...sent])]
    .filter((each) => each.length >= SHORTEST)
    .sort((one, other) => other.length - one.length)
  return secrets.reduce(without, text.replace(JWT, HIDDEN).replace(PAIR, `$1${HIDDEN}`))
}

function without(text: string, secret: string): string {
  const encoded = encodeURIComponent(secret.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
  const forms = [secret, printable(secret), encoded, encoded.replaceAll('%20', '+')]
  return forms.reduce(withoutForm, text)
}

/** Without as much of it as stands there. */
function withoutForm(text: string, form: string): string {
  const at = text.indexOf(form.slice(0, HEAD))
  if (at === -1) return text
  let length = Math.min(form.length, HEAD)
  while (length < form.length && text[at + length] === form[length]) length += 1
  return `${text.slice(0, at)}${HIDDEN}${withoutForm(text.slice(at + length), form)}`
}
