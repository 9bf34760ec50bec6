/** How codes are redeemed. */
import { issuerOf } from '../../context.ts'
import { always, type Rule, refused } from '../rule.ts'

export const codeUsedTwice: Rule = {
  id: 'code_used_twice',
  severity: 'error',
  title: 'a code redeemed twice',
  explanation:
    'A provider must refuse the second time and should revoke the tokens of the first: the user is signed out, and it looks like a theft.',
  fix: 'Redeem each code once: no retry with the same code, no callback that renders twice, no reload of the callback.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2',
  at: ['token'],
  refusals: ['code.used'],
  watch: always((seen) => {
    // The same reason is given when the user signed out before the code was redeemed.
    const isRedeemed = seen.flow?.isRedeemed === true
    return isRedeemed ? 'a code that had been redeemed came again' : undefined
  }),
}

const LATE_SECONDS = 60

export const codeRedeemedLate: Rule = {
  id: 'code_redeemed_late',
  severity: 'warning',
  title: 'a code redeemed late',
  explanation:
    'Codes live for as little as 30 seconds; one that waits for a queue or a person fails at some providers.',
  fix: 'Redeem the code in the request that brings it.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2',
  at: ['token'],
  watch: always((seen) => {
    const { flow } = seen
    if (!seen.params.has('code') || !(seen.isGranted || seen.reason === 'code.expired')) return undefined
    const seconds = flow && Math.floor((seen.at - flow.at) / 1000)
    if (seconds === undefined) return seen.isGranted ? undefined : seen.transaction.exchange.description
    return seconds > LATE_SECONDS || !seen.isGranted
      ? `a code was redeemed ${seconds} s after it was sent`
      : undefined
  }),
}

export const codeOfOtherIssuer: Rule = {
  id: 'code_of_other_issuer',
  severity: 'error',
  title: 'a code sent to another issuer than its own',
  explanation:
    'A client that lets the answer of one issuer go to the token endpoint of another hands its codes to whoever runs that one: the mix-up attack.',
  fix: 'Keep the issuer that the browser was sent to, compare it with iss of the answer, and redeem the code there.',
  see: 'https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4',
  at: ['token'],
  refusals: ['code.unknown'],
  watch: always(({ codeOrigin: origin, cx }) =>
    origin === undefined || origin.tenant === cx.tenant.name
      ? undefined
      : `a code of ${origin.issuer} came to ${issuerOf(cx)}`,
  ),
}

export const codeOfOtherClient: Rule = {
  id: 'code_of_other_client',
  severity: 'error',
  title: 'a code of another client',
  explanation:
    'A code is bound to the client that asked for it; one that comes from another was mixed up or stolen.',
  fix: 'Redeem the code with the client_id of the authorization request.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3',
  at: ['token'],
  refusals: ['code.other_client'],
  watch: refused,
}
