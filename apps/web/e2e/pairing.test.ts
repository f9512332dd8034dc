import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openPhone, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {readSaved} from './support/saved-on-device.ts'
import {newSession} from './support/sessions.ts'
import {terminalRows} from './support/terminal-on-page.ts'

test('a code pairs one browser, which stays paired, and is out of its address at once', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'first')
  await using server = await startPageServer(home)
  const pairing = await server.pairingUrl()
  const code = pairing.split('#pair=')[1] ?? ''
  const {page, problems} = await openTab(browser)
  const requested: string[] = []
  page.on('request', (request) => requested.push(request.url()))
  await pairTab(page, pairing)
  await page.getByRole('link', {name: 'first'}).waitFor()
  expect(page.url()).not.toContain(code)
  expect(requested.join('\n')).not.toContain(code)
  await page.reload()
  await page.getByRole('link', {name: 'first'}).waitFor()
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(problems).toEqual([])

  const other = await openTab(browser)
  await other.page.goto(pairing)
  await other.page.getByRole('button', {name: 'Pair'}).click()
  await expect.poll(() => other.page.getByRole('alert').textContent()).toContain('holdfast pair')
  expect(await other.page.getByRole('link', {name: 'first'}).count()).toBe(0)
})

test('a browser that was paired before shows its sessions before it knows that it still is', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'first')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  const failed: string[] = []
  page.on('requestfailed', (request) => failed.push(new URL(request.url()).pathname))
  const answer = Promise.withResolvers<void>()
  await page.route('**/device', async (route) => {
    await answer.promise
    await route.fulfill({status: 401, json: {error: 'This device is not paired.', code: 'not-paired'}})
  })
  await page.reload()
  await page.getByRole('link', {name: 'first'}).waitFor()
  // The page still asks.
  expect(failed).toEqual([])
  answer.resolve()
  await page.getByRole('heading', {name: /paired/}).waitFor()
})

test('a revoked device is disconnected while its page is open, and keeps nothing of a session', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'first')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl(['--name', 'phone']))
  await page.getByRole('link', {name: 'first'}).click()
  await page.getByRole('heading', {name: 'first'}).waitFor()
  await expect
    .poll(() => page.getByRole('textbox', {name: 'Prompt'}).getAttribute('placeholder'))
    .toBe('Type a command')
  expect((await home.holdfast(['devices', 'revoke', 'phone'])).exitCode).toBe(0)
  await page.getByRole('heading', {name: /paired/}).waitFor()
  expect(await page.getByRole('link', {name: 'first'}).count()).toBe(0)
  const nothing = {records: 0, cached: [], workers: 0, localStorage: []}
  await expect.poll(() => page.evaluate(readSaved)).toEqual(nothing)
  await page.reload()
  await page.getByRole('heading', {name: /pair/i}).waitFor()
})

test('a read-only device sees what runs, and can type nothing', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'watched', [
    '--',
    'sh',
    '-c',
    String.raw`stty raw -echo; printf '\033[1;32mready\033[0m'; exec cat -v`,
  ])
  const idle = await newSession(home, 'idle')
  await using server = await startPageServer(home)
  const {page, problems} = await openPhone(browser)
  await pairTab(page, await server.pairingUrl(['--read-only']))
  await page.getByRole('link', {name: 'watched'}).tap()
  expect(await page.getByRole('textbox', {name: 'Prompt'}).isDisabled()).toBe(true)
  await page.getByRole('link', {name: 'Attach', exact: true}).tap()
  await expect.poll(() => terminalRows(page)).toContain('ready')
  expect(await page.getByRole('toolbar', {name: 'Keys'}).count()).toBe(0)
  await page.locator('.xterm-screen').tap()
  await page.keyboard.type('typed')
  // A command types after it: what the device had typed would stand before that.
  expect((await home.holdfast(['send', id, '--no-enter', 'command'])).exitCode).toBe(0)
  await expect.poll(() => terminalRows(page)).toContain('readycommand')

  await page.goto(`${server.url}/#/s/${idle}/terminal`)
  await page.getByText('No program is running.').waitFor()
  await page.goto(`${server.url}/#/new`)
  await page.getByText('This device is read-only: it starts no session.').waitFor()
  expect(await page.getByRole('button', {name: 'Start'}).count()).toBe(0)
  expect(problems).toEqual([])
})
