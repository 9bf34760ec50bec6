import { type Check, info, ok, type Remark, wrong } from './check.ts'
import { callable } from './issuer_text.ts'

/** Whether endpoints are at the issuer's host and scheme. Browsers may find some of them elsewhere than servers do. */
export const places: Check = {
  name: 'places',
  look({ metadata, issuer, url }) {
    if (metadata === undefined || url === undefined) return []
    const isSecure = issuer.startsWith('https:')
    const byOrigin = new Map<string, string[]>()
    for (const [member, value] of Object.entries(metadata)) {
      if (!/(_endpoint|^jwks_uri)$/.test(member) || typeof value !== 'string') continue
      const at = callable(value)
      if (at !== undefined) byOrigin.set(at.origin, [...(byOrigin.get(at.origin) ?? []), member])
    }
    const remarks: Remark[] = []
    for (const [origin, members] of byOrigin) {
      if (origin === url.origin) continue
      const text = `${members.join(', ')} at ${origin}, the issuer at ${url.origin}`
      remarks.push(
        isSecure && origin.startsWith('http:')
          ? wrong(
              `${text}: clients refuse http below an https issuer`,
              'let the provider know that it is called over https: a proxy says so by X-Forwarded-Proto',
            )
          : info(`${text}: right only where that is called by browsers, or known from here`),
      )
    }
    return remarks.length > 0 ? remarks : [ok(`all at ${url.origin}`)]
  },
}
