import { defineConfig } from '@playwright/test'

export default defineConfig({
  testMatch: '*.test.mjs',
  globalSetup: './global_setup.mjs',
  outputDir: process.env.PLAYWRIGHT_OUTPUT ?? '../../../.cache/playwright',
  fullyParallel: true,
  workers: 4,
  // For machines that are busy with other things.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    // Known to the workers, which are started after the global set-up.
    idpOptions: { url: process.env.IDP_DOUBLE_URL },
    baseURL: process.env.SHOP_URL,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
})
