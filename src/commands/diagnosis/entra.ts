import { urlOf } from '../../protocol/url.ts'
import { isAnswer, isDouble, objectIn } from './ask.ts'
import { type Check, info, type Metadata, ok, type Remark, type Seen, wrong } from './check.ts'

/** Whether metadata looks as that of Microsoft Entra ID does. */
export function isEntra(metadata: Metadata): boolean {
  return metadata['tenant_region_scope'] !== undefined || metadata['cloud_instance_name'] !== undefined
}

/** What MSAL asks of an authority beside all else. @see https://learn.microsoft.com/en-us/entra/identity-platform/msal-client-application-configuration */
export const entra: Check = {
  name: 'msal',
  look(seen) {
    const { metadata, url } = seen
    if (metadata === undefined || url === undefined || !isEntra(metadata)) return []
    return [scheme(seen), host(seen), known(seen)].flat()
  },
}

function scheme({ url, discovery }: Seen): Remark[] {
  if (url?.protocol === 'https:') return []
  return [
    wrong(
      'the libraries of Microsoft refuse an authority that is not https (authority_uri_insecure)',
      isDouble(discovery)
        ? "in the provider's configuration: server: { tls: { certificate: auto } }"
        : 'serve https, and give the client that URL',
    ),
  ]
}

/** Newer ones compare scheme and host of the issuer with those of the authority. */
function host({ metadata, url }: Seen): Remark[] {
  const said = metadata?.['issuer']
  const issuer = typeof said === 'string' ? urlOf(said) : undefined
  if (issuer === undefined || issuer.host === url?.host || isMicrosoft(issuer.hostname)) return []
  return [
    wrong(
      `the issuer is at ${issuer.host}, the authority at ${url?.host}: newer libraries refuse that`,
      `give the client the authority at ${issuer.host}`,
    ),
  ]
}

function isMicrosoft(hostname: string): boolean {
  return /(^|\.)(microsoftonline\.(com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn|windows\.net|microsoft\.com|ciamlogin\.com)$/.test(
    hostname,
  )
}

/** A host that Microsoft does not know is asked about there, which takes a network, and ends with a refusal. */
function known({ instance, url }: Seen): Remark[] {
  const host = url?.host ?? ''
  const answers = isAnswer(instance) && typeof objectIn(instance)?.['tenant_discovery_endpoint'] === 'string'
  const remarks = answers ? [ok('answers instance discovery')] : []
  return isMicrosoft(url?.hostname ?? '')
    ? remarks
    : [...remarks, info(`clients need knownAuthorities: ['${host}'], or else they ask Microsoft about it`)]
}
