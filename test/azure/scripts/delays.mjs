/** While this lasts, what waits for seconds waits for an event instead: nobody's clock matters. */
export async function withoutDelay(act, event) {
  const { setTimeout } = globalThis
  globalThis.setTimeout = (then, delay, ...rest) => {
    const isPolling = delay >= 1000 && delay <= 10_000
    return isPolling ? void event().then(then) : setTimeout(then, delay, ...rest)
  }
  try {
    return await act()
  } finally {
    globalThis.setTimeout = setTimeout
  }
}
