import type { Control } from '../control/call.ts'
import { Problem } from '../control/problem.ts'
import { GoneError, plain, type Transport } from './transport.ts'

/**
 * To a provider in this process: no listener is needed, and no control API has to be served.
 * @param assertRuns throws once the provider is stopped
 */
export function inProcess(control: Control, assertRuns: () => void): Transport {
  return async ({ body, ...asking }) => {
    assertRuns()
    const sent = body === undefined ? asking : { ...asking, body: plain(body) }
    const answered = await control.answer(sent).catch(refuse)
    if ('json' in answered) return plain(answered.json)
    return 'text' in answered ? answered.text : undefined
  }
}

/** Until when a provider in this process can be asked. */
export interface Life {
  /** @throws GoneError after its end: an empty record would say that nothing had been wrong */
  assertRuns(): void
  /** However often it is called: the end is one. */
  end(): Promise<void>
}

export function createLife(url: string, end: () => Promise<void>): Life {
  let ended: Promise<void> | undefined
  return {
    assertRuns() {
      if (ended !== undefined) throw new GoneError(`the provider at ${url} was stopped: ask it before`)
    },
    end() {
      ended ??= end()
      return ended
    },
  }
}

function refuse(cause: unknown): never {
  throw cause instanceof Problem ? new TypeError(cause.message, { cause }) : cause
}
