/** Asks a provider, lets every check look at what came back, and says what to change first. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import { unreadable } from '../../config/validate.ts'
import { parseDuration } from '../../protocol/duration.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { CHECKS } from './checks.ts'
import { gather } from './gather.ts'
import { jsonReport, type Line, textReport } from './report.ts'

export interface DoctorValues {
  readonly json?: boolean
  readonly ca?: string
  readonly timeout?: string
}

const TIMEOUT_SECONDS = 5

/** Diagnoses the provider of this issuer. */
export async function diagnosis(
  given: string,
  { json = false, ca, timeout }: DoctorValues,
  terminal: Terminal,
): Promise<number> {
  const asking = {
    timeoutMs: millisecondsOf(timeout),
    ca: ca === undefined ? undefined : trusted(ca, terminal),
  }
  const seen = await gather(given, asking)
  const lines: Line[] = CHECKS.flatMap(({ name, look }) =>
    look(seen).map((remark) => ({ check: name, ...remark })),
  )
  terminal.stdout.write(json ? jsonReport(given, lines) : textReport(given, lines))
  return lines.some(({ level }) => level === 'fail') ? EXIT.failure : EXIT.done
}

function millisecondsOf(timeout: string | undefined): number {
  const seconds = timeout === undefined ? TIMEOUT_SECONDS : durationOf(timeout)
  if (seconds >= 1 && seconds <= 600) return seconds * 1000
  throw new UsageError(`--timeout is ${timeout}, expected 1s to 10m`)
}

function durationOf(timeout: string): number {
  try {
    return parseDuration(timeout)
  } catch (cause) {
    throw new UsageError(`--timeout: ${(cause as Error).message}`, { cause })
  }
}

/** The CAs that Node trusts by itself, and this one. */
function trusted(file: string, { cwd }: Terminal): readonly string[] {
  try {
    return [...rootCertificates, readFileSync(resolve(cwd, file), 'utf8')]
  } catch (cause) {
    throw new UsageError(`--ca ${file}: ${unreadable(cause)}`, { cause })
  }
}
