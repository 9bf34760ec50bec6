/** The CA of a state directory or of a running provider, and what it issues. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { openKeyFile } from '../../keys/state.ts'
import { oneOf } from '../../protocol/errors.ts'
import { keptAuthority } from '../../tls/authority.ts'
import { clientCertificate } from '../../tls/client_certificate.ts'
import { isServerName, serverCertificate } from '../../tls/server_certificate.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { configure } from '../shell/configuration.ts'
import { ask, urlHere } from '../shell/running.ts'

export interface CaValues {
  readonly config?: string
  readonly out?: string
  readonly issue?: string
  readonly server?: string
}

type Made = { readonly pem: string } | { readonly problem: string }

/** Prints or writes what was asked for. */
export async function certificates(values: CaValues, terminal: Terminal): Promise<number> {
  const { out, issue, server } = values
  if (issue !== undefined && server !== undefined)
    throw new UsageError('--issue is for a client and --server for a server: give one of them')
  const { config } = await configure(
    { ...(values.config && { config: values.config }), tls: 'maybe' },
    terminal,
  )
  const made = await make(values, config, terminal)
  if ('problem' in made) return failed(made.problem, terminal)
  if (out === undefined) {
    terminal.stdout.write(made.pem)
    return EXIT.done
  }
  const path = resolve(terminal.cwd, out)
  try {
    // With a private key in it the file is its owner's alone.
    await write(path, made.pem, (issue ?? server) === undefined ? 0o644 : 0o600)
  } catch (error) {
    return failed(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`, terminal)
  }
  terminal.stdout.write(`${path} is written\n`)
  return EXIT.done
}

/** A file that was there keeps its mode by itself; a device is left as it is. */
async function write(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'w', mode)
  try {
    if ((await file.stat()).isFile()) await file.chmod(mode)
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

async function make(values: CaValues, config: ResolvedConfig, terminal: Terminal): Promise<Made> {
  if (values.issue !== undefined) return await issued(values.issue, config)
  if (values.server !== undefined) return await served(values.server, config)
  return await authorityOf(config, values, terminal)
}

function failed(problem: string, { stderr }: Terminal): number {
  stderr.write(`idp-double: ${problem}\n`)
  return EXIT.failure
}

async function authorityOf(
  { server }: ResolvedConfig,
  { config }: CaValues,
  terminal: Terminal,
): Promise<Made> {
  if (server.state_dir !== null) return { pem: (await keptAuthority(openKeyFile(server.state_dir))).cert }
  const kept = 'with server.state_dir there is a CA that stays, also while nothing runs'
  const base = await urlHere(terminal, config)
  if (base === undefined) return { problem: `the port is 0, so nobody knows whom to ask; ${kept}` }
  const reply = await ask(`${base}/_mock/ca.pem`)
  if ('problem' in reply) {
    return { problem: `${base} ${reply.problem}; start it with idp-double serve --tls, or: ${kept}` }
  }
  if (reply.status === 200) return { pem: reply.text }
  if (reply.status === 401) {
    const asked = `curl -sko ca.pem -H 'Authorization: Bearer TOKEN' ${base}/_mock/ca.pem`
    return {
      problem: `the provider at ${base} gives it to those who have control.token: ${asked}, or: ${kept}`,
    }
  }
  return { problem: `the provider at ${base} has no CA of its own; start it with --tls, or: ${kept}` }
}

async function issued(client_id: string, { server, tenants }: ResolvedConfig): Promise<Made> {
  const clients = tenants.flatMap((tenant) => tenant.clients)
  const client = clients.find((each) => each.client_id === client_id)
  if (client === undefined) {
    const known = oneOf(clients.map((each) => each.client_id))
    throw new UsageError(`there is no client ${client_id}; configured: ${known}`)
  }
  const { state_dir } = server
  if (state_dir === null) return unkept('--issue')
  const { cert, key } = await clientCertificate(client, await keptAuthority(openKeyFile(state_dir)))
  return { pem: `${cert}${key}` }
}

/** For an emulator beside the provider: what trusts the one trusts the other. */
async function served(list: string, { server: { state_dir } }: ResolvedConfig): Promise<Made> {
  const names = list.split(',').map((name) => name.trim().toLowerCase())
  const wrong = names.find((name) => !isServerName(name))
  if (wrong !== undefined)
    throw new UsageError(`--server has ${JSON.stringify(wrong)}, expected host names or IP addresses`)
  if (state_dir === null) return unkept('--server')
  const { cert, key } = await serverCertificate(names, await keptAuthority(openKeyFile(state_dir)))
  return { pem: `${cert}${key}` }
}

function unkept(option: string): Made {
  return {
    problem: `${option} needs server.state_dir: the CA of a provider that keeps none is its secret`,
  }
}
