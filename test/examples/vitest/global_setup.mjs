/** One provider for the whole run: the workers connect to it, each test with a sandbox of its own. */
import { startIdp } from 'idp-double'
import { config } from '../app/config.mjs'

export async function setup() {
  const idp = await startIdp(config)
  process.env.IDP_DOUBLE_URL = idp.url
  return () => idp.stop()
}
