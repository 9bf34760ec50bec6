import type { Random } from '../../random.ts'
import { APPS, EXAMPLES, SERVER, STANDARD, USERS } from './examples.ts'

/** A commented configuration for a dialect; every secret and id in it is new. */
export function starter(dialect: string, random: Random): string {
  const example = EXAMPLES[dialect.split('@')[0] as string] ?? STANDARD
  const { about, server = SERVER, recipes = [], tenant, resource, client, api } = example
  const { apps = APPS, users = USERS, more = [] } = example
  const text = [
    ...ABOUT,
    ...(recipes.length === 0 ? [] : ['#', ...recipes.map((line) => `# ${line}`)]),
    '',
    ...SERVED,
    ...server.map((line) => `  ${line}`),
    '',
    ...MANNERS,
    '',
    `# ${about}`,
    `dialect: ${dialect}`,
    ...tenant,
    '',
    '# APIs that accept the tokens.',
    'resources:',
    ...item(resource),
    '',
    'clients:',
    '  # The program that asks for tokens.',
    ...item(client),
    ...(api === undefined
      ? []
      : ['  # The API, which asks whether a token that it was sent is good.', ...item(api)]),
    `  # The application${apps.length > 1 ? 's' : ''} that people sign in to.`,
    ...apps.flatMap(item),
    '',
    '# Who signs in: a card each on the login page.',
    'users:',
    ...users.flatMap(item),
    ...(more.length === 0 ? [] : ['', ...more]),
    '',
  ].join('\n')
  return filled(text, random)
}

/** New values for the placeholders: one each, or one for all that have a name. */
function filled(text: string, random: Random): string {
  const named = new Map<string, string>()
  return text
    .replaceAll('NEW_SECRET', () => random.token(32))
    .replaceAll(/NEW_UUID(_[A-Z]+)?/g, (_, name?: string) => {
      const value = (name && named.get(name)) ?? random.uuid()
      if (name !== undefined) named.set(name, value)
      return value
    })
}

const ABOUT = [
  '# IdP Double, a test double for an identity provider. TEST ONLY.',
  '#',
  '#   idp-double validate             lists everything that is wrong with this file',
  '#   idp-double explain --client ID  shows the token of a client, claim by claim',
  '#',
  '# A change here shows after the next start.',
]

const SERVED = [
  'server:',
  '  host: 127.0.0.1 # 0.0.0.0 lets others reach it',
  '  port: 8080 # 0 takes any free port',
]

const MANNERS = [
  'login: { mode: picker } # form asks for name and password; auto shows no page',
  '',
  '# lifetimes: { access_token: 5m } # 90s, 5m, 1h, 14d or seconds; by default as the dialect has it',
  '',
  '# How strictly requests are checked: strict refuses, warn and lax let pass.',
  'strictness: strict',
]

/** One item of a list below a key. */
function item(lines: readonly string[]): string[] {
  return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`)
}
