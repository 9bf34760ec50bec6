import { isPublic } from '../client_auth/none.ts'
import type { ClientConfig, Context, Transaction } from '../context.ts'
import type { Members } from '../protocol/json.ts'
import { first, type Params } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { CodeOrigin, Flow, KnownFlows } from './flow.ts'
import { type ClientAssertion, readAssertion } from './jwt.ts'

/** A request as rules look at it: what several of them need is made ready once, when the first one asks. */
export class Seen {
  readonly transaction: Transaction
  readonly cx: Context
  readonly #flows: KnownFlows
  /** Under their RFC names, as far as the endpoint got. */
  readonly params: Params
  #assertion: ClientAssertion | undefined | null = null
  #flow: Flow | undefined | null = null

  constructor(transaction: Transaction, cx: Context, flows: KnownFlows) {
    this.transaction = transaction
    this.cx = cx
    this.#flows = flows
    this.params = transaction.exchange.params ?? this.raw
  }

  /** Milliseconds, by the clock of the tenant. */
  get at(): number {
    return this.transaction.at
  }

  get client_id(): string | undefined {
    return this.transaction.exchange.client_id
  }

  /** Absent where the client registered itself: then its metadata is not at hand. */
  get client(): ClientConfig | undefined {
    const { client_id } = this
    return client_id === undefined ? undefined : this.cx.tenant.registry.clients.get(client_id)
  }

  /** Whether the client has nothing to authenticate with, as far as is known. */
  get isPublic(): boolean {
    const { client, client_id } = this
    if (client !== undefined) return isPublic(client)
    return client_id !== undefined && this.#flows.registeredPublic(client_id)
  }

  get reason(): Reason | undefined {
    return this.transaction.exchange.reason as Reason | undefined
  }

  /** Whether the request got what it asked for. */
  get isGranted(): boolean {
    return this.transaction.response.status === 200 && this.reason === undefined
  }

  /** As the client wrote them. */
  get raw(): Params {
    const { body, query } = this.transaction.request
    return body.kind === 'form' ? body.params : query
  }

  param(name: string): string | undefined {
    return first(this.params, name)
  }

  header(name: string): string | undefined {
    return this.transaction.request.headers[name]
  }

  /** A member of a JSON answer. */
  answered(name: string): unknown {
    const { body } = this.transaction.response
    return Array.isArray(body) ? (body as Members).find((member) => member.name === name)?.value : undefined
  }

  /** Id and secret as the Basic header has them, not form-decoded. */
  get basic(): readonly [client_id: string, secret: string] | undefined {
    const encoded = /^basic +(\S+) *$/i.exec(this.header('authorization') ?? '')?.[1]
    if (encoded === undefined) return undefined
    const text = Buffer.from(encoded, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    return colon === -1 ? undefined : [text.slice(0, colon), text.slice(colon + 1)]
  }

  /** The login that the code of the request comes from, if it was seen. */
  get flow(): Flow | undefined {
    if (this.#flow === null) {
      const code = this.param('code')
      this.#flow = code === undefined ? undefined : this.#flows.of(code)
    }
    return this.#flow
  }

  /** Which tenant of the server the code of the request comes from, if it was seen. */
  get codeOrigin(): CodeOrigin | undefined {
    const code = this.param('code')
    return code === undefined ? undefined : this.#flows.originOf(code)
  }

  /** The assertion that the client authenticates with, if it can be read. */
  get assertion(): ClientAssertion | undefined {
    if (this.#assertion === null) {
      const text = this.param('client_assertion')
      this.#assertion = text === undefined ? undefined : readAssertion(text)
    }
    return this.#assertion
  }
}
