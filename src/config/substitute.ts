/** Values of environment variables; an unset one is `undefined`. */
export type Env = Readonly<Record<string, string | undefined>>

/** A string with its references filled in, or what is wrong with one of them. */
export type Substitution = { readonly text: string } | { readonly problem: string }

const REFERENCE = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g

/** Whether `substitute` could change a text. */
export function hasReference(text: string): boolean {
  return text.includes('${')
}

/** Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for a literal `${`. What is filled in is not looked at again. */
export function substitute(text: string, env: Env): Substitution {
  const problems: string[] = []
  const result = text.replace(REFERENCE, (reference, name?: string, fallback?: string) => {
    if (reference === '$${') return '${'
    if (name === undefined) {
      problems.push(`expected \${NAME} or \${NAME:-default}; a literal \${ is written $\${`)
      return reference
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value === undefined && fallback === undefined) {
      problems.push(
        `the environment variable ${name} is not set and has no default; write \${${name}:-default} to give one`,
      )
    }
    return value || (fallback ?? value ?? reference)
  })
  const [problem] = problems
  return problem === undefined ? { text: result } : { problem }
}
