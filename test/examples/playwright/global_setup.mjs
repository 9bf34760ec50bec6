/** One provider, one API and one shop for the whole run, as a compose file or a deployment would have them. */
import { startIdp } from 'idp-double'
import { startApi } from '../app/api.mjs'
import { API, config } from '../app/config.mjs'
import { startShop } from '../app/server.mjs'

/** Named by the configuration of Playwright, which takes the default export of a file. */
async function setup() {
  const idp = await startIdp(config)
  const { issuer, url } = idp
  const api = await startApi({ issuer, audience: API })
  const shop = await startShop({ issuer, clientId: 'shop', clientSecret: 'of the shop', api: api.url })
  process.env.IDP_DOUBLE_URL = url
  process.env.SHOP_URL = shop.url
  return async () => {
    for (const each of [shop, api]) await each.close()
    await idp.stop()
  }
}

// biome-ignore lint/style/noDefaultExport: Playwright takes no other
export default setup
