/** A call of the library, for the tenant that the object is about. */
import type { OfTenant } from '../api.ts'
import type { Asking, Transport } from './transport.ts'

export interface Asked {
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined
  readonly body?: unknown
  /** Which tenant it is for, instead of that of the object; `server`: for none. */
  readonly of?: OfTenant | 'server' | undefined
}

export type Ask = <Answer>(method: Asking['method'], path: string, asked?: Asked) => Promise<Answer>

/** A list as the control API gives it. */
export interface List<Item> {
  readonly items: readonly Item[]
}

/** @param own name of the tenant that the object is about; undefined: the provider as a whole */
export function createAsk(transport: Transport, own: string | undefined): Ask {
  return async <Answer>(method: Asking['method'], path: string, { query = {}, body, of }: Asked = {}) => {
    const tenant = of === 'server' ? undefined : (of?.tenant ?? own)
    const pairs = Object.entries({ ...query, tenant }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    )
    return (await transport({ method, path, query: Object.fromEntries(pairs), body })) as Answer
  }
}
