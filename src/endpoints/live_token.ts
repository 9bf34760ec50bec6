import type { Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { LiveToken } from '../tokens/verify.ts'

/** A token that may turn out not to be live where that is no error to the caller: the log alone hears why. */
export async function liveToken(find: () => Promise<LiveToken>, cx: Context): Promise<LiveToken | undefined> {
  try {
    return await find()
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    cx.exchange.reason = error.reason
    cx.exchange.description = error.description
    return undefined
  }
}
