/** The control API as the listener sees it: guarded, with its pages, and loaded when it is first called. */
import type { ControlDesk } from '../http/site.ts'
import { once } from '../keys/once.ts'
import type { Control, Office } from './call.ts'
import { assertOwn, assertToken } from './guard.ts'
import type { IsOwn } from './own_hosts.ts'

/** What is for people; everything else is for programs. */
const PAGES = ['', '/', '/inspector.js']

interface Surroundings extends Office {
  readonly isOwn: IsOwn
}

/** Undefined where the configuration says that nobody may drive the provider. */
export function controlDesk(control: Control, { isOwn, ...office }: Surroundings): ControlDesk | undefined {
  const { world } = office
  if (!world.config.control.enabled) return undefined
  const inspector = once(async () =>
    (await import('../inspector/inspector.ts')).createInspector(office, control),
  )
  return {
    admit(caller, headers) {
      assertOwn(caller, headers, isOwn)
      assertToken(headers, world.config.control.token)
    },
    async answer(sent, base) {
      if (PAGES.includes(sent.path)) return (await inspector.get()).answer(sent, base)
      return control.answer({ ...sent, base })
    },
    async refuse(problem, headers, base) {
      if (!/\btext\/html\b/.test(headers['accept'] ?? '')) return undefined
      // Under a foreign name a link to it would be refused as well.
      const at = problem.status === 421 ? office.place.url : base
      const { refusalPage } = await import('../inspector/refusal_page.ts')
      return refusalPage(problem, `${at}/_mock/`)
    },
  }
}
