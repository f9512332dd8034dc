import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openPhone, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'

/** What is typed now goes there. */
const hasFocus = (page: Page, selector: string) =>
  expect.poll(() => page.evaluate((at) => document.activeElement?.matches(at), selector)).toBe(true)

test('the keyboard starts a session, types into it, and types on after its terminal and its menu', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.keyboard.press('Alt+n')
  const folder = page.getByLabel('Folder')
  await folder.waitFor()
  await page.keyboard.press('Control+a')
  await page.keyboard.type(home.project)
  expect(await folder.inputValue()).toBe(home.project)
  await page.keyboard.press('Enter')
  await hasFocus(page, '.composer-field')
  await page.keyboard.type('cat')
  await page.keyboard.press('Enter')
  await page.getByRole('button', {name: 'Interrupt the command'}).waitFor()
  // Nobody has given it a title: its first prompt names it, wherever it is shown.
  await page.getByRole('link', {name: 'cat'}).waitFor()
  await page.getByRole('heading', {name: 'cat', exact: true}).waitFor()
  await expect.poll(() => page.title()).toBe('cat · Holdfast')

  const ways = [
    () => page.getByRole('link', {name: 'Transcript'}).click(),
    async () => {
      await page.keyboard.press('Control+\\')
      await page.keyboard.press('Control+\\')
    },
  ]
  for (const leaveTerminal of ways) {
    await page.keyboard.press('Alt+t')
    await hasFocus(page, '.xterm-helper-textarea')
    await leaveTerminal()
    await hasFocus(page, '.composer-field')
  }

  await page.getByRole('button', {name: 'More'}).click()
  await page.getByRole('button', {name: 'Rename'}).click()
  await page.getByRole('dialog').getByRole('textbox').fill('renamed')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', {name: 'renamed'}).waitFor()
  await hasFocus(page, '.composer-field')
  await expect.poll(() => page.title()).toBe('renamed · Holdfast')
  expect(problems).toEqual([])
})

test('a touch screen gets no keyboard before the user wants to type', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await using server = await startPageServer(home)
  const {page} = await openPhone(browser)
  await pairTab(page, await server.pairingUrl())
  const hasKeyboard = () => page.evaluate(() => document.activeElement?.matches('input, textarea'))
  await page.getByRole('link', {name: 'New session'}).tap()
  const start = page.getByRole('button', {name: 'Start'})
  await start.waitFor()
  expect(await hasKeyboard()).toBe(false)
  await start.tap()
  await page.getByRole('textbox', {name: 'Prompt'}).waitFor()
  expect(await hasKeyboard()).toBe(false)
})
