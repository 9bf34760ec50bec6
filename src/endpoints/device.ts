import { answering, deviceRequest } from '../authorization/device.ts'
import { proceed } from '../authorization/proceed.ts'
import { frameOf } from '../authorization/shown.ts'
import type { Context } from '../context.ts'
import { devicePage } from '../pages/device_page.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type EndpointResponse, formOf, type Request } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import { assertSameOrigin, isAhead } from '../sessions/interaction.ts'
import { sessionOf } from '../sessions/session.ts'
import { findUserCode } from '../tokens/device_code.ts'
import { countGuess, forgetGuess } from '../tokens/user_code_guesses.ts'
import { isAnyDirected, isDirected, takeDirected } from '../users/directed.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The page where a person lets a device in: first its code, then who they are, then whether it may.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3
 */
export const device: Endpoint = {
  name: 'device',
  methods: ['GET', 'POST'],
  async answer(request, cx) {
    if (request.method === 'POST') {
      assertSameOrigin(request, cx)
      return enter(first(formOf(request), 'user_code'), request, cx)
    }
    const user_code = first(request.query, 'user_code')
    if (user_code !== undefined && isOpened(request) && (await isAlone(user_code, cx)))
      return enter(user_code, request, cx)
    return devicePage({ ...frameOf(cx), user_code })
  },
}

/** Whether somebody follows the link: not a browser that fetches ahead, nor another site that loads it as a part of its own page. */
function isOpened({ method, headers }: Request): boolean {
  const isPart = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-dest'] !== 'document'
  return !isAhead({ method, headers }) && !isPart
}

/** Whether nobody is there to press the button: in auto mode, and where a test said how this login goes. */
async function isAlone(user_code: string, cx: Context): Promise<boolean> {
  if (cx.tenant.config.login.mode === 'auto') return true
  if (!isAnyDirected(cx)) return false
  // Whoever opens a link guesses as well as one who types.
  await assertFewGuesses(cx)
  const found = await findUserCode(user_code, cx)
  if (found === undefined) return false
  await forgetGuess(cx)
  return isDirected(found.code.asked.client_id, cx)
}

async function enter(typed: string | undefined, request: Request, cx: Context): Promise<EndpointResponse> {
  if (typed === undefined) return showAgain(typed, 'Type the code that the device shows.', cx)
  await assertFewGuesses(cx)
  const found = await findUserCode(typed, cx)
  if (found === undefined)
    return showAgain(
      typed,
      'No device waits with this code: it is mistyped, was used already, or has expired. Compare it with the device, or start again there.',
      cx,
    )
  await forgetGuess(cx)
  const asked = deviceRequest(found.device_code, found.code)
  cx.exchange.client_id = asked.client_id
  const directed = takeDirected(asked.client_id, cx)
  const session = await sessionOf(request, cx)
  return answering(asked, cx, () => proceed({ request: asked, directed }, session, cx))
}

/** Codes are short, so that people can type them: nobody may try many. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-5.1 */
async function assertFewGuesses(cx: Context): Promise<void> {
  const { most, isTooMany } = await countGuess(cx)
  if (!isTooMany) return
  throw new OAuthError(
    'device.guessed',
    `more than ${most} wrong codes were typed here within a minute; wait for a minute, then type the code again`,
  )
}

function showAgain(user_code: string | undefined, problem: string, cx: Context): EndpointResponse {
  cx.exchange.reason = 'device.user_code'
  const page = devicePage({ ...frameOf(cx), user_code, problem }, 400)
  return { ...page, headers: { ...page.headers, 'x-mock-reason': 'device.user_code' } }
}
