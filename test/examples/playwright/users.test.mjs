/** Workers that sign in at one shop at the same time, each as a user of its own: by the page, as people would. */
import { expect, loginAs, test } from 'idp-double/playwright'

const NAMES = { alice: 'Alice Liddell', bob: 'Bob Sawyer', carol: 'Carol Danvers', dave: 'Dave Lister' }

for (const [user, name] of Object.entries(NAMES)) {
  for (const round of [1, 2]) {
    test(`${user} signs in, round ${round}`, async ({ page, idp }) => {
      await loginAs(page, user, { url: '/login' })
      await expect(page.locator('#name')).toHaveText(name)
      const { sub } = (await idp.tokens({ client: 'shop', user })).claims
      await expect(page.locator('#orders')).toHaveText(user === 'carol' ? 'no role' : `an order of ${sub}`)
    })
  }
}

test('somebody who is not declared signs in by name', async ({ page }) => {
  await loginAs(page, 'eve', { start: () => page.goto('/').then(() => page.locator('#login').click()) })
  await expect(page.locator('#orders')).toHaveText('no role')
})

test('another user signs in after the first in the same browser', async ({ page }) => {
  await loginAs(page, 'alice', { url: '/login' })
  await loginAs(page, 'bob', { url: '/login' })
  await expect(page.locator('#name')).toHaveText('Bob Sawyer')
})

test('a login that does not come is told with where the browser is', async ({ page }) => {
  const waiting = loginAs(page, 'alice', { url: '/', timeout: 300 })
  await expect(waiting).rejects.toThrow(/no login page of IdP Double came .* the browser is at http.*start/)
})

test.describe('with a state that is there already', () => {
  test.use({ storageState: async ({ stateOf }, use) => await use(await stateOf('dave', { url: '/login' })) })

  for (const time of [1, 2]) {
    test(`dave is signed in from the beginning, test ${time}`, async ({ page }) => {
      await page.goto('/')
      await expect(page.locator('#name')).toHaveText('Dave Lister')
    })
  }
})
