import { type Context, endpointUrl, issuerOf } from '../context.ts'

/**
 * What may stand for this server in the `aud` of an assertion: issuers and endpoint URLs of every face, as the
 * issuer's host and the caller's have them; `shown` are those that belong to the path that was asked.
 * @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3
 */
export function ownAddresses(cx: Context): {
  readonly accepted: readonly string[]
  readonly shown: readonly string[]
} {
  const shown = addressesAt([cx.mount], cx)
  return { shown, accepted: cx.mount === '' ? shown : [...shown, ...addressesAt(otherMounts(cx), cx)] }
}

/** By each of its names, and by those that it shares with others. */
function otherMounts({ tenant: { paths, dialect } }: Context): readonly string[] {
  const { mount, cloud } = dialect
  const realms = Object.keys(cloud?.realms ?? {})
  return [...paths, ...realms.map((name) => mount.named.replace(':tenant', name))]
}

function addressesAt(mounts: readonly string[], cx: Context): string[] {
  const found = new Set<string>()
  for (const mount of mounts) {
    for (const issuer of [cx.bases.issuer, cx.bases.caller]) {
      for (const url of addresses({ ...cx, mount, bases: { ...cx.bases, issuer } })) found.add(url)
    }
  }
  return [...found]
}

function addresses(cx: Context): string[] {
  return cx.tenant.dialect.faces.flatMap((face) => {
    const paths = [face.endpoints.token, face.endpoints[cx.endpoint]].filter((path) => path !== undefined)
    return [issuerOf(cx, face), ...paths.map((path) => endpointUrl(cx.bases.issuer, path, cx))]
  })
}
