/** The client authentication methods. A new one is a file and a line here; discovery and configuration follow. */
export { clientSecretBasic } from './client_secret_basic.ts'
export { clientSecretJwt } from './client_secret_jwt.ts'
export { clientSecretPost } from './client_secret_post.ts'
export { none } from './none.ts'
export { privateKeyJwt } from './private_key_jwt.ts'
export { selfSignedTlsClientAuth } from './self_signed_tls_client_auth.ts'
export { tlsClientAuth } from './tls_client_auth.ts'
