/** Pages about what clients sent and got, for people. Loaded when somebody looks. */
import type { Answered, Control, Office, Sent } from '../control/call.ts'
import { Problem } from '../control/problem.ts'
import type { Html } from '../pages/html.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import type { Recorded } from '../record/entry.ts'
import { activity } from './activity.ts'
import { type AskedPage, askedPage, VIEWS, type ViewName } from './asked.ts'
import { findingsView } from './findings_view.ts'
import { page } from './page.ts'
import { clientsView, usersView } from './people_view.ts'
import type { Scene } from './scene.ts'
import { SCRIPT } from './script.ts'
import { keysView, sessionsView } from './state_view.ts'
import { tracesOf } from './traces.ts'

const MAIN: Readonly<Record<ViewName, (scene: Scene) => Html | Promise<Html>>> = {
  activity,
  findings: findingsView,
  users: usersView,
  clients: clientsView,
  keys: keysView,
  sessions: sessionsView,
}

export interface Inspector {
  /** @param base where the browser sees the provider @throws Problem 404, 405 */
  answer(sent: Sent, base: string): Promise<Answered>
}

export function createInspector(office: Office, control: Control): Inspector {
  // What requests have in common does not change; it is looked for once.
  const known = new WeakMap<Recorded, readonly string[]>()
  const traces = (entry: Recorded) => {
    const found = known.get(entry) ?? tracesOf(entry)
    known.set(entry, found)
    return found
  }
  return {
    async answer({ method, path, query }, base) {
      if (method !== 'GET' && method !== 'HEAD')
        throw new Problem(405, `${method} came, a page takes GET`, { headers: { allow: 'GET, HEAD' } })
      if (path === '/inspector.js') return { text: SCRIPT, type: 'text/javascript; charset=utf-8' }
      if (path === '') return moved(`${base}/_mock/`, query)
      const asked = askedPage(query)
      const scene = sceneOf(asked, { office, control, base, tracesOf: traces })
      return page(titleOf(asked), await MAIN[asked.view](scene), scene)
    },
  }
}

/** Below the directory, so that links in the page need not know where that is. */
function moved(to: string, query: Sent['query']): Answered {
  const search = new URLSearchParams(query)
  const location = search.size === 0 ? to : `${to}?${search}`
  return { status: 302, text: '', type: 'text/plain', headers: { location } }
}

function titleOf({ view, request }: AskedPage): string {
  return view === 'activity' && request !== undefined ? `Request ${request}` : VIEWS[view]
}

interface Means extends Pick<Scene, 'office' | 'base' | 'tracesOf'> {
  readonly control: Control
}

function sceneOf(asked: AskedPage, { control, ...means }: Means): Scene {
  const { world, context } = means.office
  const resident = world.resident(asked.tenant)
  if (resident === undefined) {
    const known = oneOf(world.tenants.map(({ name }) => name))
    const what = asked.tenant === undefined ? 'no tenant' : `no tenant and no sandbox ${shown(asked.tenant)}`
    throw new Problem(404, `there is ${what}; configured: ${known}; a sandbox may have been dropped`)
  }
  const query: Record<string, string> = asked.tenant === undefined ? {} : { tenant: asked.tenant }
  return {
    ...{ asked, resident, cx: context(resident.tenant, means.base), ...means },
    async read(path) {
      const answered = await control.answer({ method: 'GET', path, query, base: means.base })
      return 'json' in answered ? answered.json : null
    },
  }
}
