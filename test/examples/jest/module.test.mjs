/** The same package for ECMAScript modules, by `node --experimental-vm-modules`. */
import { connectIdp } from 'idp-double'
import { useIdp } from 'idp-double/jest'

const used = useIdp({ clients: [{ client_id: 'batch', client_secret: 'of the batch' }] })

test('the provider of the file is reached over HTTP too', async () => {
  const far = await connectIdp(used.idp.url)
  expect(await far.token({ client: 'batch' })).toMatch(/^ey/)
  await far.stop()
})

test('a finding fails the matcher', async () => {
  const asked = 'client_id=batch&response_type=code&redirect_uri=http://localhost/'
  await used.sandbox.clients.patch('batch', { redirect_uris: ['http://localhost/'] })
  await fetch(`${used.sandbox.issuer}/authorize?${asked}`)
  await expect(expect(used.sandbox).toHaveNoFindings()).rejects.toThrow(/^expected no findings/)
})
