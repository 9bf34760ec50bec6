import { ConfigError } from '../config/problem.ts'
import { Problem } from './problem.ts'

/** Does what a call asks for; a change that the configuration could not have either is told with everything that is wrong in it. */
export async function changing<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (cause) {
    if (cause instanceof ConfigError) throw refused(cause)
    throw cause
  }
}

function refused(cause: ConfigError): Problem {
  const flaws = cause.problems.map(({ path, message }) => ({ path, message }))
  const texts = flaws.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return new Problem(422, texts.join('; '), { flaws, cause })
}
