import fc from 'fast-check'
import { afterAll } from 'vitest'
import { removeFolders } from './support/folder.ts'

afterAll(removeFolders)

/** What a developer's shell says must not bend a test: neither our own variables nor a proxy for the clients. */
for (const name of Object.keys(process.env)) {
  if (name.startsWith('IDP_DOUBLE_') && !name.startsWith('IDP_DOUBLE_TEST_')) delete process.env[name]
  if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name]
}

// The same cases each time, so that a red run is red again; IDP_DOUBLE_TEST_SEED=N explores others.
fc.configureGlobal({ seed: Number(process.env['IDP_DOUBLE_TEST_SEED'] ?? 20_261_121) })
