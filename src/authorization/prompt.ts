import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { Prompt } from './request.ts'

/** @see https://openid.net/specs/openid-connect-prompt-create-1_0.html */
export const prompts: readonly Prompt[] = ['none', 'login', 'consent', 'select_account', 'create']

/**
 * @throws OAuthError param.invalid
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export function parsePrompt(text: string | undefined): readonly Prompt[] {
  const words = (text ?? '').split(' ').filter((word) => word !== '')
  const unknown = words.find((word) => !prompts.includes(word as Prompt))
  if (unknown !== undefined)
    throw new OAuthError('param.invalid', `prompt has ${shown(unknown)}, expected ${oneOf(prompts)}`, {
      detail: { name: 'prompt' },
    })
  // MUST be an error: none and another value contradict each other.
  if (words.includes('none') && words.length > 1)
    throw new OAuthError('param.invalid', `prompt is ${shown(text)}, none stands alone`, {
      detail: { name: 'prompt' },
    })
  return [...new Set(words as Prompt[])]
}
