/** OpenID Connect conformance: the plans "basic" and "form post basic", in what they share with "implicit" and "hybrid". */
import { describe } from 'vitest'
import { claimsModules } from '../contract/oidcc_claims.contract.ts'
import { loginModules } from '../contract/oidcc_login.contract.ts'
import { sessionModules } from '../contract/oidcc_session.contract.ts'
import { BASIC } from '../support/relying_party.ts'

describe.each(BASIC)('basic plan, response_type=$type, response_mode=$mode', (flow) => {
  loginModules(flow)
  claimsModules(flow)
  sessionModules(flow)
})
