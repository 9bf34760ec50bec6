import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** The rooms where every branch is a rule of a specification. */
const CORE_ROOMS = [
  'protocol',
  'tokens',
  'grants',
  'client_auth',
  'client_keys',
  'authorization',
  'sessions',
  'users',
  'logout',
  'registration',
]

export default defineConfig({
  root: path.dirname(import.meta.dirname),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global_setup.ts',
    setupFiles: 'test/setup.ts',
    // No retries: a test that fails now and then is a bug in the test or in the product.
    retry: 0,
    // Shared machines are slow at times; no test is about time.
    testTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // No room has module state, so the files of a worker share what it loaded: a quarter of the time was loading.
    isolate: false,
    // Errors in src are for tsc, the step before.
    typecheck: {
      enabled: true,
      ignoreSourceErrors: true,
      include: ['test/types/**/*.test-d.ts'],
      tsconfig: 'tsconfig.json',
    },
    // The machine's reader of the results is .ci/run.
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: '.cache/vitest.json' },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: Object.fromEntries(CORE_ROOMS.map((room) => [`src/${room}/**`, { branches: 90 }])),
    },
  },
})
