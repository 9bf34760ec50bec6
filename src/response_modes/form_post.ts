import { formPostPage } from '../pages/form_post_page.ts'
import type { ResponseMode } from './response_mode.ts'

/**
 * In the body of a form that the browser posts to the redirect URI.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode
 */
export const formPost: ResponseMode = {
  name: 'form_post',
  forTokens: true,
  // A browser posts forms to web servers only.
  reaches: (redirect_uri) => /^https?:/i.test(redirect_uri),
  respond: (redirect_uri, params) => formPostPage({ action: redirect_uri, params }),
}
