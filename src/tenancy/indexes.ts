/** What is made of a list once, however many tenants have that very list: a copy of a tenant costs what differs in it. */
export class Indexes {
  readonly #made = new WeakMap<object, Map<string, unknown>>()

  /** What is made of the list under this name. */
  of<T>(list: object, name: string, make: () => T): T {
    const known = this.#made.get(list) ?? new Map<string, unknown>()
    if (!known.has(name)) {
      known.set(name, make())
      this.#made.set(list, known)
    }
    return known.get(name) as T
  }
}
