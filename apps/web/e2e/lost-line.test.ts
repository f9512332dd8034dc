import {writeFileSync} from 'node:fs'

import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {openLine} from '../../tui/e2e/support/cuttable-connection.ts'
import {createHome, type Home} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'
import {terminalRows} from './support/terminal-on-page.ts'

/** A program that prints 30 lines of each part when the test opens its gate. */
function addGatedProgram(home: Home): {openGate(part: number): void} {
  const gate = (part: number | string) => `${home.project}/gate-${part}`
  const script = `for part in 1 2 3; do until [ -e ${gate('$part')} ]; do sleep 0.02; done; for line in $(seq 1 30); do echo "part $part line $line"; done; done`
  writeFileSync(`${home.project}/parts`, `${script}\n`)
  return {openGate: (part) => writeFileSync(gate(part), '')}
}

const allLines = [1, 2, 3].flatMap((part) => Array.from({length: 30}, (_, line) => `part ${part} line ${line + 1}`))

/** The lines of the program that the transcript shows, all of them. */
async function shownLines(page: Page): Promise<string[]> {
  const whole = page.getByRole('button', {name: /^Show \d+ lines/})
  if (await whole.isVisible()) await whole.click()
  const text = await page.getByRole('log', {name: 'Transcript'}).innerText()
  return text.match(/part \d line \d+/g) ?? []
}

test('a server that was killed and started again leaves no gap and repeats nothing, also not in a terminal', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const {openGate} = addGatedProgram(home)
  await newSession(home, 'parts')
  const cat = await newSession(home, 'cat', ['--', 'sh', '-c', 'stty raw -echo; printf ready; exec cat -v'])
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'parts'}).click()
  await page.getByRole('textbox', {name: 'Prompt'}).fill('sh parts')
  await page.getByRole('textbox', {name: 'Prompt'}).press('Enter')
  const terminal = await page.context().newPage()
  await terminal.goto(server.url)
  await terminal.getByRole('link', {name: 'cat'}).click()
  await terminal.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(() => terminalRows(terminal)).toContain('ready')
  openGate(1)
  await page.getByText('part 1 line 30').waitFor()

  server.running.child.kill('SIGKILL')
  await server.running.ended
  await page
    .getByText(/Reconnecting/)
    .first()
    .waitFor()
  openGate(2)
  expect((await home.holdfast(['send', cat, '--no-enter', ' meanwhile'])).exitCode).toBe(0)
  await using restarted = await startPageServer(home, address)
  expect(restarted.url).toBe(server.url)
  await page.getByText('part 2 line 30').waitFor()
  openGate(3)
  await page.getByText('part 3 line 30').waitFor()
  await expect.poll(() => shownLines(page)).toEqual(allLines)

  await expect.poll(async () => (await terminalRows(terminal)).trimEnd()).toBe('ready meanwhile')
  await terminal.keyboard.type('!')
  await expect.poll(async () => (await terminalRows(terminal)).trimEnd()).toBe('ready meanwhile!')
})

test('a line that breaks is said, what was there stays, and the rest follows when it is back', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const {openGate} = addGatedProgram(home)
  await newSession(home, 'parts')
  await using server = await startPageServer(home)
  await using line = await openLine(server.url)
  const {page} = await openTab(browser)
  await pairTab(page, (await server.pairingUrl()).replace(server.url, line.url))
  await page.getByRole('link', {name: 'parts'}).click()
  const prompt = page.getByRole('textbox', {name: 'Prompt'})
  await prompt.fill('sh parts')
  await prompt.press('Enter')
  openGate(1)
  await page.getByText('part 1 line 30').waitFor()
  await prompt.fill('half a thought')

  await page.context().setOffline(true)
  line.cut()
  await page.getByText('Offline').first().waitFor()
  openGate(2)
  expect(await page.getByText('part 1 line 30').isVisible()).toBe(true)
  expect(await prompt.inputValue()).toBe('half a thought')

  line.mend()
  await page.context().setOffline(false)
  await page.getByText('part 2 line 30').waitFor()
  for (const part of [1, 2]) {
    line.cut()
    await page
      .getByText(/Reconnecting/)
      .first()
      .waitFor()
    if (part === 2) openGate(3)
    line.mend()
    await page.getByText('Connected').first().waitFor()
  }
  await page.getByText('part 3 line 30').waitFor()
  await expect.poll(() => shownLines(page)).toEqual(allLines)
  await page.reload()
  await expect.poll(() => prompt.inputValue()).toBe('half a thought')
})
