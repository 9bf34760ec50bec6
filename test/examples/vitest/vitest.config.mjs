import { defineConfig } from 'vitest/config'

export default defineConfig({
  cacheDir: '../../../.cache/vite',
  test: { root: import.meta.dirname, include: ['*.test.mjs'], globalSetup: ['./global_setup.mjs'] },
})
