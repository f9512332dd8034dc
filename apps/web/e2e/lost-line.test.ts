import {existsSync, readFileSync, writeFileSync} from 'node:fs'

import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {openLine} from '../../tui/e2e/support/cuttable-connection.ts'
import {createHome, type Home} from '../../tui/e2e/support/home.ts'
import {until} from '../../tui/e2e/support/until.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {isIdle, promptOf, reconnecting} from './support/composer-on-page.ts'
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

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])

test('a prompt whose answer is missing when another composer has its text runs once, sent again or not', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  await newSession(home, 'two')
  await using server = await startPageServer(home)
  await using line = await openLine(server.url)
  const {page} = await openTab(browser)
  await pairTab(page, (await server.pairingUrl()).replace(server.url, line.url))
  await page.getByRole('link', {name: 'one'}).click()
  const sendAndLeave = async (text: string) => {
    await isIdle(page)
    line.cut()
    await reconnecting(page)
    await promptOf(page).fill(text)
    await promptOf(page).press('Enter')
    await page.getByRole('link', {name: 'two'}).click()
    await expect.poll(() => promptOf(page).inputValue()).toBe('')
    await page.getByRole('link', {name: 'one'}).click()
    await expect.poll(() => promptOf(page).inputValue()).toBe(text)
  }
  await sendAndLeave('echo ran >> twice')
  await promptOf(page).press('Enter')
  await page.getByText('It is sent as soon as the session is open').waitFor()
  line.mend()
  await expect.poll(() => promptOf(page).inputValue()).toBe('')
  await sendAndLeave('echo ran >> once')
  line.mend()
  await expect.poll(() => promptOf(page).inputValue()).toBe('')

  await promptOf(page).fill('echo $((40 + 2))')
  await promptOf(page).press('Enter')
  await page.getByText('42', {exact: true}).waitFor()
  expect(linesOf(`${home.project}/twice`)).toEqual(['ran'])
  expect(linesOf(`${home.project}/once`)).toEqual(['ran'])
})

/** Runs in the page, before its own scripts: loses the answer for the first prompt, or all that its connection brings from then on. */
function loseAnswer({isAllLost}: {isAllLost: boolean}) {
  const {send, addEventListener} = WebSocket.prototype
  let first: {socket: WebSocket; id: unknown} | undefined
  WebSocket.prototype.send = function (data) {
    const {id, method} = JSON.parse(data as string) as {id: unknown; method: string}
    if (method === 'prompt.submit') first ??= {socket: this, id}
    send.call(this, data)
  }
  WebSocket.prototype.addEventListener = function (this: WebSocket, type: string, listener: (event: Event) => void) {
    addEventListener.call(this, type, (event) => {
      const isAnswer = () => (JSON.parse((event as MessageEvent<string>).data) as {id?: unknown}).id === first!.id
      const isLost = type === 'message' && first?.socket === this && (isAllLost || isAnswer())
      if (!isLost) listener(event)
    })
  }
}

test('a prompt that has run is no draft when the page is loaded again without its answer', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'one')
  await using server = await startPageServer(home)
  await using line = await openLine(server.url)
  const {page} = await openTab(browser)
  await page.addInitScript(loseAnswer, {isAllLost: true})
  await pairTab(page, (await server.pairingUrl()).replace(server.url, line.url))
  await page.getByRole('link', {name: 'one'}).click()
  await isIdle(page)
  const address = page.url()
  await promptOf(page).fill('echo ran >> discarded')
  await promptOf(page).press('Enter')
  await until(() => linesOf(`${home.project}/discarded`).length === 1, {what: 'the command'})
  expect(await promptOf(page).inputValue()).toBe('echo ran >> discarded')
  line.cut()
  await reconnecting(page)
  await page.getByText('it is sent again by itself, and runs once').waitFor()
  await page.goto('about:blank')
  line.mend()
  await page.goto(address)
  await isIdle(page)
  await expect.poll(() => promptOf(page).inputValue()).toBe('')
  await page.getByText('echo ran >> discarded').waitFor()
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([])
})

test('Stop is for the command that the page shows, also when the line is back after its end', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const wait = (name: string) => `until [ -e ${home.project}/${name} ]; do sleep 0.02; done; echo ${name} >> ended`
  writeFileSync(`${home.project}/wait-first`, wait('first'))
  writeFileSync(`${home.project}/wait-second`, `echo begun >> ended; ${wait('second')}`)
  const id = await newSession(home, 'one')
  await using server = await startPageServer(home)
  await using line = await openLine(server.url)
  const {page} = await openTab(browser)
  await page.addInitScript(loseAnswer, {isAllLost: false})
  await pairTab(page, (await server.pairingUrl()).replace(server.url, line.url))
  await page.getByRole('link', {name: 'one'}).click()
  await promptOf(page).fill('sh wait-first')
  await promptOf(page).press('Enter')
  const stop = page.getByRole('button', {name: 'Interrupt the command'})
  await stop.waitFor()
  line.cut()
  await reconnecting(page)
  await stop.click()
  writeFileSync(`${home.project}/first`, '')
  const second = home.startHoldfast(['run', '--session', id, '--', 'sh wait-second'])
  const ended = () => linesOf(`${home.project}/ended`)
  await until(() => ended().includes('begun'), {what: 'the second command'})
  line.mend()
  await page.getByText('Nothing was stopped: nothing was running any more').waitFor()
  writeFileSync(`${home.project}/second`, '')
  expect((await second.ended).exitCode).toBe(0)
  expect(ended()).toEqual(['first', 'begun', 'second'])
})
