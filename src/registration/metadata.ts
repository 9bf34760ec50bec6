import type { Context } from '../context.ts'
import { assertConsistent } from './consistency.ts'
import { type Registered, withDefaults } from './defaults.ts'
import { readMembers } from './members.ts'
import { assertOutgoing } from './outgoing.ts'
import { assertSector } from './sector.ts'
import { algsOf, type Supported } from './supported.ts'

/**
 * The metadata that a request asks to register: each member read, defaults filled in, checked as a whole.
 * @throws OAuthError registration.metadata, registration.redirect_uri
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export async function requestedMetadata(
  body: Readonly<Record<string, unknown>>,
  supported: Supported,
  cx: Context,
): Promise<Registered> {
  const metadata = withDefaults(readMembers(body, supported, algsOf(cx.tenant)), cx)
  assertConsistent(metadata)
  assertOutgoing(metadata, cx)
  await assertSector(metadata, cx)
  return metadata
}
