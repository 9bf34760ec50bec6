/** The names that a configuration may use, out of the registries: a new file there is a new name here. */
import { clientAuthMethods } from './client_auth/authenticate.ts'
import type { Names } from './config/names.ts'
import type { Dialect } from './dialects/dialect.ts'
import * as dialectRegistry from './dialects/index.ts'
import { grantTypes } from './endpoints/token.ts'
import { findingIds } from './findings/index.ts'
import { signingAlgs } from './keys/algorithms.ts'
import { contentEncryptions, encryptionAlgs } from './keys/encryption.ts'
import { CHECKS } from './protocol/checks.ts'

const DIALECTS: readonly Dialect[] = Object.values(dialectRegistry)

export const dialects: ReadonlyMap<string, Dialect> = new Map(
  DIALECTS.map((dialect) => [dialect.name, dialect]),
)

export const names: Names = {
  dialects: [...dialects.keys()],
  // implicit is no grant of the token endpoint: the authorization endpoint issues its tokens.
  grants: [...grantTypes, 'implicit'],
  clientAuthMethods,
  signingAlgs,
  encryptionAlgs,
  contentEncryptions,
  checks: Object.keys(CHECKS),
  findings: findingIds,
  versions: Object.fromEntries(
    DIALECTS.filter(({ accessToken }) => accessToken.versions.length > 0).map(({ name, accessToken }) => [
      name,
      accessToken.versions,
    ]),
  ),
  undeclared: Object.fromEntries(
    DIALECTS.flatMap(({ name, resources }) =>
      resources === undefined
        ? []
        : [
            [
              name,
              {
                isResource: (resource) => resources.named(resource) !== undefined,
                isScope: (scope) => resources.scopes.test(scope),
              },
            ],
          ],
    ),
  ),
  withoutGrantTypes: DIALECTS.filter(({ grantTypes }) => grantTypes === 'any').map(({ name }) => name),
  registering: DIALECTS.filter(({ faces }) =>
    faces.some(({ endpoints }) => endpoints.registration !== undefined),
  ).map(({ name }) => name),
}
