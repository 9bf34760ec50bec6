import { issuerOf } from '../context.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * What a developer sees who opens the issuer in a browser.
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
 */
export const serviceDocumentation: Endpoint = {
  name: 'service_documentation',
  methods: ['GET'],
  metadata: { member: 'service_documentation', channel: 'front' },
  async answer(_request, cx) {
    const issuer = issuerOf(cx)
    const text = [
      'IdP Double: a test double for an identity provider. TEST ONLY.',
      '',
      `tenant     ${cx.tenant.name} (${cx.tenant.dialect.name})`,
      `issuer     ${issuer}`,
      `discovery  ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      '',
    ].join('\n')
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
    return { status: 200, headers, body: text }
  },
}
