import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openPhone} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'

test('an address that leads to no session says so, and offers nothing to do with one', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'gone')
  await using server = await startPageServer(home)
  const {page} = await openPhone(browser)
  await pairTab(page, await server.pairingUrl())
  for (const view of ['', '/terminal']) {
    await page.goto(`${server.url}/#/s/zzzzzzzzzz${view}`)
    await page.getByRole('alert').getByText('There is no session').waitFor()
    await page.getByRole('heading', {name: 'No such session'}).waitFor()
    expect(await page.getByRole('textbox').count()).toBe(0)
    expect(await page.getByRole('link', {name: /Attach|Transcript/}).count()).toBe(0)
    expect(await page.getByRole('button', {name: 'More'}).count()).toBe(0)
    expect(await page.getByText('as it was last seen').count()).toBe(0)
  }

  await page.goto(`${server.url}/#/s/short`)
  await page.getByText('No session has this address').waitFor()
  await page.getByRole('link', {name: 'All sessions'}).tap()

  // One that was deleted since this device has seen it.
  await page.getByRole('link', {name: 'gone'}).tap()
  const prompt = page.getByRole('textbox', {name: 'Prompt'})
  await expect.poll(() => prompt.getAttribute('placeholder')).toBe('Type a command')
  await page.goto('about:blank')
  expect((await home.holdfast(['close', id])).exitCode).toBe(0)
  const deleted = await home.holdfast(['delete', id])
  expect(deleted.exitCode, deleted.stderr).toBe(0)
  await page.goto(`${server.url}/#/s/${id}`)
  await page.getByRole('alert').getByText('There is no session').waitFor()
  await expect.poll(() => page.getByRole('textbox').count()).toBe(0)
})
