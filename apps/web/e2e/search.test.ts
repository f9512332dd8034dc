import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {createHome, type Home} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'

async function search(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox', {name: 'Words to find'}).fill(words)
  await page.keyboard.press('Enter')
}

test('a line that was found opens its session there, marked, though it is hidden in an old output', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'work')
  const run = async (...command: string[]) => {
    expect((await home.holdfast(['run', '--session', id, '--', ...command])).exitCode).toBe(0)
  }
  await run('seq', '-f', 'needle-%g', '1', '300')
  // Each line is an event: more of them than the page reads at first.
  await run('for n in $(seq 300); do echo later-$n; sleep 0.02; done')
  await using server = await startPageServer(home)
  const {page, problems} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  const transcript = page.getByRole('log', {name: 'Transcript'})
  await page.getByRole('link', {name: 'work'}).waitFor()
  await search(page, 'needle-150')
  await page.getByRole('link', {name: 'needle-150'}).click()
  const found = transcript.locator('mark', {hasText: 'needle-150'})
  await found.waitFor()
  await expect.poll(() => isInSight(page, 'mark')).toBe(true)

  await search(page, '-f 1 300')
  await page.getByRole('link', {name: 'seq -f'}).first().click()
  await transcript.locator('.found-block', {hasText: 'seq -f'}).waitFor()
  await expect.poll(() => isInSight(page, '.found-block')).toBe(true)

  // The words are in the address: they are there again after Back, and after a reload.
  const words = page.getByRole('searchbox', {name: 'Words to find'})
  await page.goBack()
  await page.getByRole('link', {name: 'seq -f'}).first().waitFor()
  expect(await words.inputValue()).toBe('-f 1 300')
  await page.reload()
  await page.getByRole('link', {name: 'seq -f'}).first().waitFor()
  await search(page, 'needle-150')
  await page.getByText('1 line in 1 session.').waitFor()
  await page.goBack()
  await page.goBack()
  await page.getByRole('link', {name: 'seq -f'}).first().waitFor()
  expect(await words.inputValue()).toBe('-f 1 300')
  expect(problems).toEqual([])
})

/** Marks, each of which is an event. */
async function addEvents(home: Home, id: string, count: number): Promise<void> {
  const steps = Array.from({length: count}, () => JSON.stringify({command: 'mark', name: 'later'}))
  while (steps.length > 0) {
    const {exitCode, stderr} = await home.holdfast(['batch', id], {stdin: steps.splice(0, 1000).join('\n')})
    expect(exitCode, stderr).toBe(0)
  }
}

test('a line far before what the device has kept is found there, and so is one between that and the end', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'long')
  const run = async (command: string) => {
    expect((await home.holdfast(['run', '--session', id, '--', command])).exitCode).toBe(0)
  }
  await run('echo needle-far')
  // More of them than the device keeps, and than the page reads at once.
  await addEvents(home, id, 2600)
  await using server = await startPageServer(home)
  const {page} = await openTab(browser)
  // The page draws what it has kept before the gateway answers.
  await page.routeWebSocket(/gateway/, (socket) => {
    const gateway = socket.connectToServer()
    gateway.onMessage((message) => void setTimeout(() => socket.send(message), 100))
  })
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'long'}).click()
  await page.getByText('later').last().waitFor()
  // Away from the session, it is kept.
  await search(page, 'nothing')
  await addEvents(home, id, 1900)
  await run('echo needle-between')
  await addEvents(home, id, 300)

  await search(page, 'needle')
  const [between, far] = await Promise.all(
    ['needle-between', 'needle-far'].map((text) => page.getByRole('link', {name: text}).first().getAttribute('href')),
  )
  const transcript = page.getByRole('log', {name: 'Transcript'})
  await page.evaluate((href) => void (location.hash = href ?? ''), far)
  await transcript.locator('mark, .found-block', {hasText: 'needle-far'}).waitFor()
  await page.evaluate((href) => void (location.hash = href ?? ''), between)
  await transcript.locator('mark, .found-block', {hasText: 'needle-between'}).waitFor()
  await expect.poll(() => page.getByText('further back').count()).toBe(0)
})

function isInSight(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((of) => {
    const transcript = document.querySelector('[role="log"]')?.getBoundingClientRect()
    const element = document.querySelector(`[role="log"] ${of}`)?.getBoundingClientRect()
    return (
      transcript !== undefined &&
      element !== undefined &&
      element.top >= transcript.top &&
      element.bottom <= transcript.bottom
    )
  }, selector)
}
