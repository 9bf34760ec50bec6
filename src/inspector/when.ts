/** Times as people read them. */
import { utc } from '../clock.ts'

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** The two greatest units: `1 h 5 min`. */
function duration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const [size, name] of UNITS) {
    const count = Math.floor(rest / size)
    if (count > 0) parts.push(`${count} ${name}`)
    rest -= count * size
  }
  return parts.slice(0, 2).join(' ')
}

/** `in 59 min`, `5 min ago`, `now`. */
export function relative(seconds: number, now: number): string {
  const by = seconds - now
  if (Math.abs(by) < 1) return 'now'
  return by > 0 ? `in ${duration(by)}` : `${duration(by)} ago`
}

/** Seconds since 1970 as a date; undefined for what is none. */
export function dateOf(seconds: unknown): string | undefined {
  const isDate = typeof seconds === 'number' && Math.abs(seconds) < 8.64e12
  return isDate ? utc(seconds) : undefined
}

/** The time of day of an ISO 8601 time. */
export function timeOf(iso: string): string {
  return /T([\d:.]+)Z/.exec(iso)?.[1] ?? iso
}

/** The date and the time of day, to the second. */
export function dayOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}
