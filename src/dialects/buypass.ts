import { describe } from './describe.ts'
import { KEYCLOAK_9 } from './keycloak.ts'

/** Buypass's identity service: Keycloak behind a proxy, of the age its documentation shows. */
export const buypass = describe({
  ...KEYCLOAK_9,
  name: 'buypass',
  certificateTrigger: { name: '_tlsclientauth', value: '1' },
})
