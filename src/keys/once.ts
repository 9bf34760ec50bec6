/** Something that is made at most once, when it is first asked for. */
interface Once<T> {
  get(): Promise<T>
  /** Whether anybody has asked. */
  begun(): boolean
  /** Whether it is there. */
  done(): boolean
}

/** Remembers the promise before anything is awaited, so that concurrent callers share it; a failure is tried again. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let promise: Promise<T> | undefined
  let done = false
  return {
    get() {
      promise ??= make().then(
        (value) => {
          done = true
          return value
        },
        (error: unknown) => {
          promise = undefined
          throw error
        },
      )
      return promise
    },
    begun: () => promise !== undefined,
    done: () => done,
  }
}
