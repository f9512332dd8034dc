import {expect, test} from 'vitest'

import {createHome} from '../../tui/e2e/support/home.ts'
import {addScriptedAgent} from '../../tui/e2e/support/scripted-agent.ts'
import {openBrowser, openPhone, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'

test('a run streams, the next prompt waits in the queue, and both are found by a search', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'work')
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser, {permissions: ['clipboard-read', 'clipboard-write']})
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'work'}).click()
  const prompt = page.getByRole('textbox', {name: 'Prompt'})
  await prompt.fill('echo first-$((1)); until [ -e go ]; do sleep 0.02; done; echo second-$((2))')
  await prompt.press('Enter')
  const transcript = page.getByRole('log', {name: 'Transcript'})
  await transcript.getByText('first-1').waitFor()
  expect(await transcript.getByText('second-2').count()).toBe(0)
  await prompt.fill('echo from-the-queue-$((3))')
  await prompt.press('Enter')
  await page.getByRole('region', {name: 'Queue'}).getByText('echo from-the-queue').waitFor()
  expect((await home.holdfast(['run', '--', 'touch', `${home.project}/go`])).exitCode).toBe(0)
  await transcript.getByText('second-2').waitFor()
  await transcript.getByText('from-the-queue-3').waitFor()

  // Words for screen readers only are not copied.
  await transcript.getByText('Succeeded').nth(1).waitFor()
  await transcript.evaluate((element) => getSelection()!.selectAllChildren(element))
  await page.keyboard.press('Control+c')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('echo from-the-queue-$((3))')
  expect(copied).not.toMatch(/Command:|Succeeded/)

  await page.goto(`${server.url}/#/search`)
  await page.getByRole('searchbox', {name: 'Words to find'}).fill('QUEUE-3')
  await page.keyboard.press('Enter')
  await page.getByRole('region', {name: 'Search'}).locator('mark', {hasText: 'queue-3'}).first().waitFor()
  await page.getByRole('region', {name: 'Search'}).getByRole('link', {name: 'work'}).click()
  await expect.poll(() => page.url()).toContain(`#/s/${id}`)
  expect(problems).toEqual([])
})

test('a question of an agent is counted in the title, notified of, and answered with one tap', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  addScriptedAgent(home)
  const id = await newSession(home, 'coding', ['--agent', 'scripted'])
  await using server = await startPageServer(home)
  const {page, problems} = await openPhone(browser, {permissions: ['notifications']})
  await pairTab(page, await server.pairingUrl())
  expect(await page.title()).toBe('Holdfast')
  await page.getByRole('button', {name: 'Notify me'}).tap()
  // As when another tab is shown, or the phone is locked.
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true}))
  expect((await home.holdfast(['run', '--no-wait', '--session', id, '--', 'ask'])).exitCode).toBe(0)
  await expect.poll(() => page.title()).toBe('(1) Holdfast')
  const notices = () =>
    page.evaluate(async () => {
      const [worker] = await navigator.serviceWorker.getRegistrations()
      return (await worker?.getNotifications())?.map(({title, body}) => `${title}: ${body}`) ?? []
    })
  await expect.poll(notices).toEqual(['coding: The agent asks for your permission.'])
  await page.evaluate(() => Reflect.deleteProperty(document, 'visibilityState'))

  await page.getByRole('link', {name: 'coding'}).tap()
  const allow = page.getByRole('button', {name: /allow/i}).first()
  await allow.waitFor()
  expect((await allow.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await allow.tap()
  await expect.poll(() => page.title()).toBe('coding · Holdfast')
  expect(problems).toEqual([])
})

test('the keyboard alone opens a session, runs a command and reads its output', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'by keys')
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'by keys'}).waitFor()
  // The body, which has all texts, has the focus at first.
  const focused = () => page.evaluate(() => document.querySelector('body :focus')?.textContent ?? '')
  const reach = async (text: string) => {
    for (let presses = 0; presses < 30 && !(await focused()).includes(text); presses++) await page.keyboard.press('Tab')
    expect(await focused()).toContain(text)
  }
  await reach('by keys')
  await page.keyboard.press('Enter')
  const prompt = page.getByRole('textbox', {name: 'Prompt'})
  await prompt.waitFor()
  const hasPrompt = () => prompt.evaluate((element) => element === document.activeElement)
  for (let presses = 0; presses < 30 && !(await hasPrompt()); presses++) await page.keyboard.press('Tab')
  await page.keyboard.type('seq 1 500')
  await page.keyboard.press('Enter')
  await page.getByText('500', {exact: true}).first().waitFor()
  expect(problems).toEqual([])
})

test('who sends a prompt while they read further up is shown what becomes of it', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'long')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'long'}).click()
  const prompt = page.getByRole('textbox', {name: 'Prompt'})
  for (const part of ['first', 'second']) {
    await prompt.fill(`seq -f '${part} %g' 60`)
    await prompt.press('Enter')
    await page.getByText(`${part} 60`).waitFor()
  }
  await page.getByRole('log', {name: 'Transcript'}).hover()
  await page.mouse.wheel(0, -5000)
  const latest = page.getByRole('button', {name: 'Latest'})
  await latest.waitFor()
  await prompt.fill('echo the en""d')
  await prompt.press('Enter')
  const end = page.getByText('the end', {exact: true})
  await expect.poll(() => end.evaluate((line) => line.getBoundingClientRect().bottom < innerHeight)).toBe(true)
  await latest.waitFor({state: 'hidden'})
})
