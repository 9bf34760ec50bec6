/** Checks that `strictness` let pass: what a real provider would have refused. */
import type { Note } from '../context.ts'
import { CHECKS, type Check } from '../protocol/checks.ts'
import type { Lesson, Severity } from './finding.ts'

const SEE: Readonly<Record<Check, string>> = {
  client_secret: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1',
  client_assertion: 'https://www.rfc-editor.org/rfc/rfc7523.html#section-3',
  assertion_replay: 'https://www.rfc-editor.org/rfc/rfc7523.html#section-3',
  client_certificate: 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2',
  client_auth_method: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3',
  grant_type: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2',
  scope: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3',
  resource: 'https://www.rfc-editor.org/rfc/rfc8707.html#section-2',
  redirect_uri: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3',
  response_type: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.1',
  pkce: 'https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6',
  nonce: 'https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes',
  refresh_token_reuse: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2',
  post_logout_redirect_uri:
    'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout',
  content_type: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2',
  duplicate_parameter: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2',
}

function lesson(check: Check): Lesson {
  return {
    id: `check.${check}`,
    severity: 'error',
    title: `what strictness let pass: ${CHECKS[check]}`,
    explanation:
      'Only the relaxed strictness of this tenant let the request through; a real provider refuses it.',
    fix: `Do what the text asks for; then set strictness.${check} to strict, so that the next mistake is refused here too.`,
    see: SEE[check],
  }
}

const LESSONS = Object.fromEntries(
  Object.keys(CHECKS).map((check) => [check, lesson(check as Check)]),
) as Readonly<Record<Check, Lesson>>

/** One for each check. */
export const RELAXED: readonly Lesson[] = Object.values(LESSONS)

/** Who set a check to lax does not want to hear of it. */
const WEIGHT: Readonly<Record<Note['level'], Severity>> = { warn: 'error', lax: 'info' }

export function relaxedBy({ check, level }: Note): Lesson {
  return { ...LESSONS[check], severity: WEIGHT[level] }
}
