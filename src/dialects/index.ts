/** The dialects. A new one is a file and a line here; the configuration's value and its tests follow. */
export { buypass } from './buypass.ts'
export { entra } from './entra.ts'
export { keycloak9, keycloak16, keycloak26 } from './keycloak.ts'
export { standard } from './standard.ts'
export { trivore } from './trivore.ts'
