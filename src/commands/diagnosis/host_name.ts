import { type Check, info, type Remark, warn } from './check.ts'

/** What is known of a host name: who finds the provider by it, and who does not. */
const NAMES: readonly (readonly [name: RegExp, remark: (host: string) => Remark])[] = [
  [
    /^(localhost|127(\.\d+){3}|\[::1\])$/,
    (host) =>
      info(
        `${host} is found from this machine only: inside a container it is the container itself, and there the provider has the name of its service`,
      ),
  ],
  [
    /\.localhost$/,
    (host) =>
      warn(`browsers and curl take ${host} for this machine whatever DNS says; most other programs ask DNS`),
  ],
  [
    /^(0\.0\.0\.0|\[::\])$/,
    (host) => warn(`${host} is an address to listen on, not one to call`, 'give the client localhost'),
  ],
  [
    /^host\.docker\.internal$/,
    (host) =>
      info(`${host} is known in containers; on the machine itself, and on Linux, it needs an entry in hosts`),
  ],
]

/** The host name, and where it means something else. @see https://www.rfc-editor.org/rfc/rfc6761.html#section-6.3 */
export const hostName: Check = {
  name: 'host',
  look({ url }) {
    const host = url?.hostname ?? ''
    return NAMES.flatMap(([name, remark]) => (name.test(host) ? [remark(host)] : []))
  },
}
