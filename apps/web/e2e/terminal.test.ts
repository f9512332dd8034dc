import {readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openPhone, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'
import {pasteText, terminalRows} from './support/terminal-on-page.ts'

test('edits a file in vim, which gets the size of the terminal', async () => {
  const vim = need('vim')
  await using home = createHome()
  await using browser = await openBrowser()
  const file = `${home.project}/notes`
  writeFileSync(file, 'first\n')
  await newSession(home, 'edit', ['--', vim, '-u', 'NONE', '-N', file])
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'edit'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(() => terminalRows(page)).toContain('first')

  await page.keyboard.type('oone more line')
  await page.keyboard.press('Escape')
  await page.keyboard.type(':set columns? lines?\r')
  await expect.poll(() => terminalRows(page)).toMatch(/columns=1\d\d/)
  const wide = /columns=(\d+)/.exec(await terminalRows(page))?.[1]
  await page.setViewportSize({width: 900, height: 600})
  await page.keyboard.press('Enter')
  await expect.poll(() => terminalRows(page)).toContain('one more line')
  await page.keyboard.type(':set columns?\r')
  await expect.poll(async () => Number(/columns=(\d+)/.exec(await terminalRows(page))?.[1])).toBeLessThan(Number(wide))

  await page.keyboard.type(':wq\r')
  await expect.poll(() => readFileSync(file, 'utf8')).toBe('first\none more line\n')
  await page.getByText('The program has ended.').waitFor()
  expect(await page.getByRole('button', {name: 'Attach again'}).count()).toBe(0)
  const ended = page.url()
  await page.keyboard.press('Enter')
  const transcript = page.getByRole('log', {name: 'Transcript'})
  await transcript.waitFor()
  await page.goto(ended)
  await page.getByText('The program has ended.').waitFor()
  await page.getByRole('link', {name: 'Transcript'}).click()
  await transcript.waitFor()
  expect(problems).toEqual([])
})

test('draws the echo of a key when it comes, not in a later frame', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'cat', ['--', 'sh', '-c', 'stty raw -echo; printf ready; exec cat'])
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'cat'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(() => terminalRows(page)).toContain('ready')
  // From now on, no frame comes.
  await page.evaluate(() => (window.requestAnimationFrame = () => 1))
  for (const key of ['a', 'b', 'c']) {
    await page.keyboard.press(key)
    await expect.poll(() => terminalRows(page), {interval: 5}).toMatch(new RegExp(`ready[abc]*${key}`))
  }
})

test('draws true colours, although the page allows no inline styles', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'colours', ['--', 'sh', '-c', String.raw`printf '\033[48;2;1;2;3morange\033[0m'; read x`])
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser, {colorScheme: 'dark'})
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'colours'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  const orange = page.locator('.xterm-rows span', {hasText: 'orange'})
  await orange.waitFor()
  expect(await orange.evaluate((span) => getComputedStyle(span).backgroundColor)).toBe('rgb(1, 2, 3)')
  expect(problems).toEqual([])
})

test('pastes between marks where the program has asked for them, and copies with Ctrl-C where something is selected', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const shown = String.raw`printf '\033[?2004h'; stty raw -echo; printf 'to copy\r\n'; exec cat -v`
  await newSession(home, 'clipboard', ['--', 'sh', '-c', shown])
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser, {permissions: ['clipboard-read', 'clipboard-write']})
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'clipboard'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(() => terminalRows(page)).toContain('to copy')

  await pasteText(page, 'one\ntwo')
  await expect.poll(() => terminalRows(page)).toContain('^[[200~one^Mtwo^[[201~')
  const {x, y} = (await page.locator('.xterm-rows > div').first().boundingBox())!
  await page.mouse.dblclick(x + 5, y + 5)
  await page.keyboard.press('Control+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('to')
  // Nothing is selected any more: it is a key for the program.
  await page.keyboard.press('Control+c')
  await expect.poll(() => terminalRows(page)).toContain('[201~^C')
  expect(problems).toEqual([])
})

test('a touch screen has the keys that its keyboard lacks, and Ctrl holds for the next character', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'keys', ['--', 'sh', '-c', 'stty raw -echo; printf ready; exec cat -v'])
  await using server = await startPageServer(home)
  const {page, problems} = await openPhone(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'keys'}).tap()
  await page.getByRole('link', {name: 'Attach', exact: true}).tap()
  await expect.poll(() => terminalRows(page)).toContain('ready')
  const bar = page.getByRole('toolbar', {name: 'Keys'})
  const keys = bar.getByRole('button')
  for (const box of await Promise.all((await keys.all()).map((key) => key.boundingBox()))) {
    expect(box?.width).toBeGreaterThanOrEqual(44)
    expect(box?.height).toBeGreaterThanOrEqual(44)
  }

  await page.locator('.xterm-screen').tap()
  for (const name of ['Esc', 'Up', 'Control C', 'Vertical bar']) await bar.getByRole('button', {name}).tap()
  await expect.poll(() => terminalRows(page)).toContain('ready^[^[[A^C|')
  await bar.getByRole('button', {name: 'Ctrl'}).tap()
  await page.keyboard.type('rr')
  await expect.poll(() => terminalRows(page)).toContain('|^Rr')
  await bar.getByRole('button', {name: 'Alt'}).tap()
  await bar.getByRole('button', {name: 'Left'}).tap()
  await expect.poll(() => terminalRows(page)).toContain('^Rr^[[1;3D')
  expect(problems).toEqual([])
})

test('Ctrl-\\ twice detaches, and the program keeps its screen for the next terminal', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'detach', ['--', 'sh', '-c', 'stty raw -echo; printf here; exec cat -v'])
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'detach'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(() => terminalRows(page)).toContain('here')
  await page.keyboard.type('x')
  await page.keyboard.press('Control+\\')
  await page.keyboard.press('Control+\\')
  await expect.poll(() => page.url()).toMatch(new RegExp(`#/s/${id}$`))
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await expect.poll(async () => (await terminalRows(page)).trimEnd()).toBe('herex')
  expect(problems).toEqual([])
})

test('what is typed before the program is attached reaches it, and what is typed after its end goes to the prompt', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'shared')
  await home.holdfast(['run', '--no-wait', '--session', id, '--', 'cat'])
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'shared'}).click()
  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await page.locator('.xterm-helper-textarea').waitFor({state: 'attached'})
  await page.keyboard.type('at once\r')
  await expect.poll(() => terminalRows(page)).toContain('at once\nat once')

  await page.keyboard.press('Control+d')
  await page.getByText('The program has ended.').waitFor()
  // While another program runs, that can be attached.
  const again = page.getByRole('button', {name: 'Attach again'})
  await expect.poll(() => again.count()).toBe(0)
  await home.holdfast(['run', '--no-wait', '--session', id, '--', 'read line'])
  await again.waitFor()
  await home.holdfast(['send', id, 'end'])
  await expect.poll(() => again.count()).toBe(0)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', {name: 'Prompt'}).waitFor()
  await page.keyboard.type('next')
  expect(await page.getByRole('textbox', {name: 'Prompt'}).inputValue()).toBe('next')
  expect(problems).toEqual([])
})
