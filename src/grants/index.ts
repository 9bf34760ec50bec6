/** The grants. A new one is a file and a line here; dispatch, discovery and configuration follow. */
export { clientCredentials } from './client_credentials.ts'
