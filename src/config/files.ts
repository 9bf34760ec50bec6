/** Where relative paths begin, and what the files hold that the checks have read. */
export interface Files {
  readonly directory: string
  readonly content: (file: string) => string
}
