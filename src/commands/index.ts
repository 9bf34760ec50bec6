/** The commands. A new one is a file and a line here; dispatch and help follow. */

export { ca } from './ca.ts'
export { doctor } from './doctor.ts'
export { explain } from './explain.ts'
export { healthcheck } from './healthcheck.ts'
export { init } from './init.ts'
export { schema } from './schema.ts'
export { serve } from './serve.ts'
export { token } from './token.ts'
export { validate } from './validate.ts'
