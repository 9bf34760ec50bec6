import { shown } from '../../protocol/errors.ts'
import { urlOf } from '../../protocol/url.ts'
import { type Answer, isAnswer, mediaType, objectIn } from './ask.ts'
import { type Check, ok, type Remark, type Seen, wrong } from './check.ts'
import { pastedIssuer } from './issuer_text.ts'

/** What came for the metadata. @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse */
export const answer: Check = {
  name: 'metadata',
  look(seen) {
    const { discovery, oauth, otherScheme, metadata } = seen
    if (!isAnswer(discovery) || isAnswer(otherScheme)) return []
    if (discovery.status !== 200) {
      // A server of OAuth alone has its metadata in the form of RFC 8414.
      if (metadata !== undefined && isAnswer(oauth))
        return [ok(`${oauth.url} (${discovery.url}: status ${discovery.status})`)]
      return [refused(discovery, seen)]
    }
    if (objectIn(discovery) === undefined) return [unreadable(discovery)]
    const type = mediaType(discovery)
    if (type === 'application/json') return [ok(`${discovery.url}, JSON`)]
    const text = `its content type is ${type === '' ? 'missing' : shown(type)}, expected application/json`
    return [wrong(text, 'have the provider send content-type: application/json')]
  },
}

function refused({ url, status, headers, ...reply }: Answer, { issuer }: Seen): Remark {
  const { location } = headers
  const to = location === undefined ? undefined : urlOf(location, url)
  if (status >= 300 && status < 400 && to !== undefined) {
    const target = to.href
    const change = `give the client ${pastedIssuer(target) ?? `what ${target} belongs to`}`
    return wrong(`${url} redirects to ${shown(target)}; strict clients follow no redirect`, change)
  }
  const said = objectIn({ url, status, headers, ...reply })?.['error_description']
  const why = typeof said === 'string' ? `: ${shown(said)}` : ''
  const text = `${url} answers ${status}${why}`
  if (status >= 500) return wrong(text, 'look into the log of the provider, or of the proxy before it')
  return wrong(
    text,
    `check the path of ${issuer}: an issuer often has one, of its tenant or realm, and no more than that`,
  )
}

function unreadable({ url, text }: Answer): Remark {
  const isPage = /^\s*</.test(text)
  return wrong(
    `${url} answers ${isPage ? 'a page' : 'something'} that is no JSON object: ${shown(text.trim().slice(0, 60))}`,
    isPage
      ? 'check host and port: a proxy or another program answers in place of the provider'
      : 'have the provider send its metadata as one JSON object',
  )
}
