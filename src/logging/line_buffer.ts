export interface LineBuffer {
  add(line: string): void
  /** Writes what is waiting now, as at the end of the process. */
  flush(): void
}

/** Collects lines and writes them once per turn of the event loop: under load one write serves many requests. */
export function createLineBuffer(write: (text: string) => void): LineBuffer {
  let waiting = ''
  const flush = () => {
    if (waiting === '') return
    const text = waiting
    waiting = ''
    write(text)
  }
  return {
    add(line) {
      if (waiting === '') setImmediate(flush)
      waiting += `${line}\n`
    },
    flush,
  }
}
