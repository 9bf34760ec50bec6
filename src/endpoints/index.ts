/** The endpoints. A new one is a file and a line here; its route and its discovery member follow. */
export { discovery } from './discovery.ts'
export { introspection } from './introspection.ts'
export { jwks } from './jwks.ts'
export { revocation } from './revocation.ts'
export { serviceDocumentation } from './service_documentation.ts'
export { token } from './token.ts'
export { userinfo } from './userinfo.ts'
