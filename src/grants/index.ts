/** The grants. A new one is a file and a line here; dispatch, discovery and configuration follow. */
export { authorizationCode } from './authorization_code.ts'
export { clientCredentials } from './client_credentials.ts'
export { deviceCode } from './device_code.ts'
export { jwtBearer } from './jwt_bearer.ts'
export { password } from './password.ts'
export { refreshToken } from './refresh_token.ts'
