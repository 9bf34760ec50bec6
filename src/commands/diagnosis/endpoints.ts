import { type Answer, isAnswer, objectIn, type Reply } from './ask.ts'
import { type Check, ok, type Remark, type Seen, warn, wrong } from './check.ts'
import { because } from './silence.ts'

interface Asked {
  readonly member: string
  readonly method: 'GET' | 'POST'
  /** Whether servers call it: what browsers call need not be reached from here. */
  readonly isBack: boolean
  /** What a request without any parameter is answered with. */
  readonly expected: string
  fits(answer: Answer): boolean
}

/** The endpoints that are tried. */
export const ENDPOINTS: readonly Asked[] = [
  {
    member: 'authorization_endpoint',
    method: 'GET',
    isBack: false,
    expected: 'a page, a redirect or a refusal',
    fits: ({ status }) => status < 500 && status !== 404 && status !== 405,
  },
  {
    member: 'token_endpoint',
    method: 'POST',
    isBack: true,
    expected: '400 or 401 with an error in JSON',
    fits: (answer) =>
      [400, 401, 403].includes(answer.status) && typeof objectIn(answer)?.['error'] === 'string',
  },
  {
    member: 'userinfo_endpoint',
    method: 'GET',
    isBack: true,
    expected: '401',
    fits: ({ status }) => [400, 401, 403].includes(status),
  },
]

/** Whether the endpoints that the metadata names are there: each is called without parameters, and must refuse. */
export const endpoints: Check = {
  name: 'endpoints',
  look(seen) {
    return ENDPOINTS.flatMap((asked) => {
      const reply = seen.endpoints.get(asked.member)
      return reply === undefined ? [] : [remarkOn(reply, asked, seen)]
    })
  },
}

function remarkOn(reply: Reply, asked: Asked, { url }: Seen): Remark {
  const { member, method, isBack, expected } = asked
  if (!isAnswer(reply)) {
    const isHere = reply.code === 'ERR_INVALID_URL' || new URL(reply.url).origin === url?.origin
    const text = `${member} ${reply.url}: ${reply.code === 'ERR_INVALID_URL' ? reply.message : because(reply)}`
    return isBack || isHere
      ? wrong(text, `have the provider name a ${member} that can be called from here`)
      : warn(`${text}; only browsers need it`)
  }
  const { status } = reply
  if (asked.fits(reply)) return ok(`${member} refuses an empty request with ${status}`)
  const text = `${member}: ${method} ${reply.url} answers ${status}, expected ${expected}`
  return status === 404 || status === 405 || status >= 500
    ? wrong(text, `have the provider name the right ${member}, or have the proxy before it pass ${method} on`)
    : warn(text)
}
