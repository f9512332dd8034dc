import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {readSaved} from './support/saved-on-device.ts'
import {newSession} from './support/sessions.ts'

async function askToClose(page: Page) {
  await page.getByRole('button', {name: 'More'}).click()
  await page.getByRole('button', {name: 'Close the session'}).click()
  const dialog = page.getByRole('dialog')
  return {dialog, confirm: dialog.getByRole('button', {name: 'Close the session'})}
}

test('a session that is shown from the device is closed when the server can be told, not before', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'one'}).click()
  await expect.poll(async () => (await page.evaluate(readSaved)).records).toBeGreaterThanOrEqual(2)
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
  server.running.child.kill('SIGKILL')
  await server.running.ended
  await page.reload()
  await page.getByRole('heading', {name: 'one'}).waitFor()
  const {dialog, confirm} = await askToClose(page)
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByText('the server cannot be reached').waitFor()

  await using restarted = await startPageServer(home, address)
  expect(restarted.url).toBe(server.url)
  await confirm.click()
  await dialog.waitFor({state: 'detached'})
  await expect.poll(() => new URL(page.url()).hash).toBe('#/')
  expect(JSON.parse((await home.holdfast(['ls', '--json'])).stdout)).toMatchObject({title: 'one', state: 'closed'})
})

test('a session that cannot be closed says why', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'one'}).click()
  await expect
    .poll(() => page.getByRole('textbox', {name: 'Prompt'}).getAttribute('placeholder'))
    .toBe('Type a command')
  await page.evaluate(() => {
    const {send} = WebSocket.prototype
    WebSocket.prototype.send = function (data) {
      send.call(this, typeof data === 'string' ? data.replace('"session.close"', '"session.unheard-of"') : data)
    }
  })
  const {dialog, confirm} = await askToClose(page)
  await confirm.click()
  await dialog.getByRole('alert').getByText('session.unheard-of').waitFor()
  expect(await confirm.isEnabled()).toBe(true)
})

test('an untitled session is named by its first prompt in the question, and when it is closed', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = (await home.holdfast(['new'])).stdout.trim()
  expect((await home.holdfast(['run', '--session', id, '--', 'echo first'])).exitCode).toBe(0)
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'echo first'}).click()
  const {dialog, confirm} = await askToClose(page)
  await dialog.getByRole('heading', {name: 'Close “echo first”?'}).waitFor()
  await confirm.click()
  await dialog.waitFor({state: 'detached'})
  await page.getByRole('link', {name: 'echo first'}).click()
  await page.getByText('This session is closed').waitFor()
  await page.getByRole('heading', {name: 'echo first', exact: true}).waitFor()
})
