import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer, type PageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'

const promptOf = (page: Page) => page.getByRole('textbox', {name: 'Prompt'})

async function openSession(page: Page, title: string): Promise<void> {
  await page.getByRole('link', {name: title}).click()
  await page.getByRole('heading', {name: title}).waitFor()
}

const isOpen = (page: Page) => expect.poll(() => promptOf(page).getAttribute('placeholder')).toBe('Type a command')

/** Types two drafts; the first is being saved, by a server that does not answer, when the user leaves with the second. */
async function leaveDuringSave(page: Page, server: PageServer, leave: () => Promise<unknown>): Promise<void> {
  const {child} = server.running
  child.kill('SIGSTOP')
  try {
    const sent = page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const {send} = WebSocket.prototype
          WebSocket.prototype.send = function (data) {
            send.call(this, data)
            if (typeof data === 'string' && data.includes('"draft.set"')) resolve()
          }
        }),
    )
    await promptOf(page).fill('half')
    await sent
    await promptOf(page).fill('half a thought')
    await leave()
  } finally {
    child.kill('SIGCONT')
  }
}

test('a draft that is typed while an earlier one is being saved is there after the page was closed, and after another session', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  await newSession(home, 'two')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  const other = await page.context().newPage()
  await openSession(page, 'one')
  await isOpen(page)
  await leaveDuringSave(page, server, () => page.close())
  await other.goto(server.url)
  await openSession(other, 'one')
  await expect.poll(() => promptOf(other).inputValue()).toBe('half a thought')

  await openSession(other, 'two')
  await isOpen(other)
  await leaveDuringSave(other, server, () => openSession(other, 'one'))
  await openSession(other, 'two')
  await expect.poll(() => promptOf(other).inputValue()).toBe('half a thought')
})

test('what waits for a session that cannot be opened is there after the user has left, and when it opens', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'one')
  await newSession(home, 'two')
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'one'}).waitFor()
  server.running.child.kill('SIGKILL')
  await server.running.ended

  await page.getByRole('link', {name: 'one'}).click()
  await promptOf(page).fill('echo $((40 + 2))')
  await promptOf(page).press('Enter')
  await page.getByText('It is sent as soon as the session is open').waitFor()
  await page.getByRole('link', {name: 'two'}).click()
  await expect.poll(() => promptOf(page).inputValue()).toBe('')
  await page.close()

  await using restarted = await startPageServer(home, address)
  const later = await page.context().newPage()
  await later.goto(`${restarted.url}/#/s/${id}`)
  await isOpen(later)
  expect(await promptOf(later).inputValue()).toBe('echo $((40 + 2))')
  await promptOf(later).press('Enter')
  await later.getByText('42', {exact: true}).waitFor()
  await expect.poll(() => promptOf(later).inputValue()).toBe('')
  expect(await later.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([])
})

test('a session that is left and opened again while it is being opened opens once', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  await newSession(home, 'two')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'two'}).waitFor()
  server.running.child.kill('SIGSTOP')
  for (const title of ['one', 'two', 'one', 'two', 'one']) await page.getByRole('link', {name: title}).click()
  server.running.child.kill('SIGCONT')
  await isOpen(page)
  expect(await page.getByRole('alert').count()).toBe(0)
  await promptOf(page).fill('echo $((40 + 2))')
  await promptOf(page).press('Enter')
  await expect.poll(() => page.getByText('42', {exact: true}).count()).toBe(1)
})
