const MOST_BYTES = 64 * 1024 * 1024

/** What all journals of a server may take together. */
export class Budget {
  readonly most: number
  /** Bytes, about. */
  used = 0

  constructor(most: number = MOST_BYTES) {
    this.most = most
  }
}
