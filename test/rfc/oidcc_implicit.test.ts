/** OpenID Connect conformance: the plans "implicit" and "form post implicit". */
import { describe } from 'vitest'
import { claimsModules } from '../contract/oidcc_claims.contract.ts'
import { loginModules } from '../contract/oidcc_login.contract.ts'
import { requestObjectModules } from '../contract/oidcc_request_object.contract.ts'
import { sessionModules } from '../contract/oidcc_session.contract.ts'
import { IMPLICIT } from '../support/relying_party.ts'

describe.each(IMPLICIT)('implicit plan, response_type=$type, response_mode=$mode', (flow) => {
  loginModules(flow)
  claimsModules(flow)
  sessionModules(flow)
  requestObjectModules(flow)
})
