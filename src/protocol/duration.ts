/** Durations as people write them. */
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

const DURATION = /^(-?\d+)([smhd])?$/

/** Seconds of `90s`, `5m`, `1h`, `14d` or a bare number of seconds. @throws TypeError for anything else */
export function parseDuration(written: string | number): number {
  if (typeof written === 'number' && Number.isFinite(written)) return written
  const [, amount, unit = 's'] = DURATION.exec(String(written)) ?? []
  if (amount !== undefined) return Number(amount) * (UNIT_SECONDS[unit] as number)
  throw new TypeError(
    `${JSON.stringify(written)} is no duration; expected 90s, 5m, 1h, 14d or a number of seconds`,
  )
}
