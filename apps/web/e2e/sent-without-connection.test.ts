import {existsSync} from 'node:fs'

import {expect, test} from 'vitest'

import {openLine} from '../../tui/e2e/support/cuttable-connection.ts'
import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {isIdle, promptOf, reconnecting} from './support/composer-on-page.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'

/** A page on a session of its own, over a line that the test cuts. */
async function openOverLine(stack: AsyncDisposableStack) {
  const home = stack.use(createHome())
  const browser = stack.use(await openBrowser())
  const id = await newSession(home, 'one')
  const server = stack.use(await startPageServer(home))
  const line = stack.use(await openLine(server.url))
  const {page} = await openTab(browser)
  await pairTab(page, (await server.pairingUrl()).replace(server.url, line.url))
  await page.getByRole('link', {name: 'one'}).click()
  await isIdle(page)
  return {home, id, page, line}
}

test('an answer that is sent without a connection is for the program that was there, and runs as no command', async () => {
  await using stack = new AsyncDisposableStack()
  const {home, id, page, line} = await openOverLine(stack)
  await promptOf(page).fill('read -r name; echo "got <$name>"')
  await promptOf(page).press('Enter')
  const answer = page.getByRole('textbox', {name: 'Answer for the program'})
  await answer.waitFor()
  line.cut()
  await reconnecting(page)
  await answer.fill('touch wrong')
  await answer.press('Enter')
  await page.getByText('It is sent as soon as the connection is back').waitFor()
  expect((await home.holdfast(['send', id, 'Ann'])).exitCode).toBe(0)
  line.mend()
  await page.getByText('The program has ended: nothing was sent').waitFor()
  await page.getByText('got <Ann>').waitFor()
  expect(await promptOf(page).inputValue()).toBe('touch wrong')
  expect(existsSync(`${home.project}/wrong`)).toBe(false)
})

test('a hidden line has the focus when a program asks for it, and stays hidden while the connection is lost', async () => {
  await using stack = new AsyncDisposableStack()
  const {page, line} = await openOverLine(stack)
  await promptOf(page).fill('read -rs secret; echo "has ${#secret}"')
  await promptOf(page).press('Enter')
  const hidden = page.getByLabel('Hidden answer for the program')
  await hidden.waitFor()
  line.cut()
  await reconnecting(page)
  await page.keyboard.type('opensesame')
  expect(await hidden.inputValue()).toBe('opensesame')
  await page.keyboard.press('Enter')
  await page.getByText('It is sent as soon as the connection is back').waitFor()
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('opensesame')
  line.mend()
  await page.getByText('has 10').waitFor()
  await isIdle(page)
  await page.keyboard.type('echo behind')
  expect(await promptOf(page).inputValue()).toBe('echo behind')
})

test('a prompt that waits for the connection is not sent if it is changed meanwhile', async () => {
  await using stack = new AsyncDisposableStack()
  const {home, page, line} = await openOverLine(stack)
  line.cut()
  await reconnecting(page)
  await promptOf(page).fill('touch wrong')
  await promptOf(page).press('Enter')
  const notice = page.getByText('It is sent as soon as the connection is back. To keep it here, change it')
  await notice.waitFor()
  await promptOf(page).fill('echo ri""ght')
  await notice.waitFor({state: 'hidden'})
  line.mend()
  await page.getByText('Connected').first().waitFor()
  await promptOf(page).press('Enter')
  await page.getByText('right', {exact: true}).waitFor()
  expect(existsSync(`${home.project}/wrong`)).toBe(false)
})
