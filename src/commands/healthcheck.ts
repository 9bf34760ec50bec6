import { urlOf } from '../protocol/url.ts'
import { command, EXIT, UsageError } from './command.ts'
import { ask, urlHere } from './shell/running.ts'

export const healthcheck = command({
  name: 'healthcheck',
  summary: 'Asks a running provider whether it is ready: exit code 0 when it is, else 1.',
  options: {
    url: { type: 'string', value: 'BASE', help: 'where it is; default: where serve would be here' },
  },
  async run({ values }, terminal) {
    const base = values.url === undefined ? await urlHere(terminal) : givenUrl(values.url)
    if (base === undefined) {
      terminal.stderr.write('not ready: the port is 0, so nobody knows which one it is; give --url\n')
      return EXIT.failure
    }
    const url = `${base}/readyz`
    const problem = await problemAt(url)
    if (problem === undefined) terminal.stdout.write(`ready: ${url}\n`)
    else terminal.stderr.write(`not ready: ${url} ${problem}\n`)
    return problem === undefined ? EXIT.done : EXIT.failure
  },
})

function givenUrl(base: string): string {
  if (!/^https?:\/\//i.test(base) || urlOf(base) === undefined)
    throw new UsageError(`--url is ${base}, expected an http or https URL such as http://127.0.0.1:8080`)
  return base.replace(/\/+$/, '')
}

/** What keeps the provider from being ready; undefined where nothing does. */
async function problemAt(url: string): Promise<string | undefined> {
  const reply = await ask(url)
  if ('problem' in reply) return reply.problem
  return reply.status === 200 ? undefined : `answers ${reply.status}`
}
