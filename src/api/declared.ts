/** What the configuration declares, as a test reads and changes it. */

/** Which tenant something is about; without one, the first, or where it says so all. */
export interface OfTenant {
  readonly tenant?: string | undefined
}

/** Secrets are shown as `***`, or in the record as marks that are the same for equal values; `show`: as they are. */
export interface WithSecrets {
  readonly secrets?: 'show' | undefined
}

/** Members to change; null takes one out. */
export type Changes<Item> = { readonly [Name in keyof Item]?: Item[Name] | null }

/** What the configuration declares, as it is now: users by `username`, clients by `client_id`, resources by `identifier`. */
export interface Declared<Item> {
  list(of?: OfTenant & WithSecrets): Promise<readonly Item[]>
  /** @throws TypeError where there is none */
  get(id: string, of?: OfTenant & WithSecrets): Promise<Item>
  /** Puts it in the place of the one of this name, or beside the others; as in the configuration. */
  put(item: Item, of?: OfTenant): Promise<Item>
  /** Changes these members alone. @throws TypeError where there is none */
  patch(id: string, changes: Changes<Item>, of?: OfTenant): Promise<Item>
  /** @throws TypeError where there is none */
  delete(id: string, of?: OfTenant): Promise<void>
}
