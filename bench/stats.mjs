/** The value in the middle: one slow round on a shared machine says nothing. */
export function median(values) {
  return percentile(values, 0.5)
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

/** Runs every step once a round, in turns, so that a busy neighbour slows all of them alike; gives the values of each. */
export async function interleaved(rounds, steps) {
  const values = Object.fromEntries(Object.keys(steps).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, step] of Object.entries(steps)) values[name].push(await step())
  }
  return values
}

/** The median of the ratios within each round: what slowed a round down slowed both. */
export function ratio(values, name, base) {
  return median(values[name].map((value, round) => value / values[base][round]))
}

export const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
export const times = (value) => `${value.toFixed(2)} ×`
export const percent = (value) => `${(value * 100).toFixed(1)} %`
export const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
export const perSecond = (value) => `${Math.round(value).toLocaleString('en')}/s`
export const kB = (bytes) => `${Math.round(bytes / 1000)} kB`

/** Keeps a value under a name, for a median later. */
export function keep(values, name, value) {
  values[name] = [...(values[name] ?? []), value]
}
