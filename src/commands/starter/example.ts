/** What a starter file of one dialect shows: lines of YAML, of a list item the first one behind its dash. */
export interface Example {
  readonly about: string
  /** Keys of `server` beside host and port. */
  readonly server?: readonly string[]
  /** How clients of the dialect are told of it: comments. */
  readonly recipes?: readonly string[]
  /** Keys of the top level. */
  readonly tenant: readonly string[]
  readonly resource: readonly string[]
  readonly client: readonly string[]
  /** A client that introspects, where the provider has introspection. */
  readonly api?: readonly string[]
  /** The clients that people sign in to; default: one. */
  readonly apps?: readonly (readonly string[])[]
  readonly users?: readonly (readonly string[])[]
  /** More keys of the top level, behind the users. */
  readonly more?: readonly string[]
}
