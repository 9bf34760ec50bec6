import type { Noun } from './call.ts'
import { Problem } from './problem.ts'

const TYPE = 'application/x-pem-file'

/** The certificate of the own CA, for those who are to trust it. */
export const ca: Noun = {
  name: 'ca',
  summary: 'The own CA',
  calls: [
    {
      method: 'GET',
      path: '/ca.pem',
      summary: 'The certificate of the own CA, in PEM.',
      forServer: true,
      type: TYPE,
      answer(_asked, { place }) {
        if (place.ca !== undefined) return { text: place.ca, type: TYPE }
        throw new Problem(
          404,
          'this provider has no CA of its own: set server.tls with certificate: auto, or start with --tls',
        )
      },
    },
  ],
}
