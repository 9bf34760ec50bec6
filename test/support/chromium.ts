/** A real browser, where one is installed. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { TestContext } from 'vitest'

const PATH = process.env['IDP_DOUBLE_TEST_CHROMIUM'] ?? '/usr/bin/chromium'

/** It runs as root in containers, and calls nobody but the test's own servers. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where it is. Without Chromium the test is skipped and says so; on a machine of CI it fails. */
export function chromiumPath({ skip }: Pick<TestContext, 'skip'>): string {
  if (!existsSync(PATH) && process.env['CI'] !== 'true') {
    const why = `no Chromium at ${PATH}: apt-get install chromium, or name another with IDP_DOUBLE_TEST_CHROMIUM`
    console.warn(`SKIPPED: ${why}`)
    skip(why)
  }
  return PATH
}

export async function launchChromium(
  cx: Pick<TestContext, 'skip'>,
  flags: readonly string[] = [],
): Promise<Browser> {
  const executablePath = chromiumPath(cx)
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags], headless: true })
}
