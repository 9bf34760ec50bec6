// A provider that remembers its requests, or does not: what users start always does.
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'
import { startProvider } from '../../src/provider.ts'

const { config, remembers } = JSON.parse(process.argv[2] as string)
const resolved = await validateInput(config, { names, directory: '.', readFile: () => '' })
const { url } = await startProvider(resolved, { remembers })
console.log(`${url} `)
