/** What sandboxes are called where tenants have names: whoever asks for one that is gone can be told so. */
const PREFIX = 'sandbox-'
const LENGTH = 12
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'

const NAME = new RegExp(`^${PREFIX}[${LETTERS}]{${LENGTH}}$`)

/** A name that no other has. @param of so many characters of an alphabet, by chance */
export function sandboxName(of: (alphabet: string, length: number) => string): string {
  return `${PREFIX}${of(LETTERS, LENGTH)}`
}

/** Whether it is the name of a sandbox, there or gone. */
export function isSandboxName(name: string): boolean {
  return NAME.test(name)
}
