import axe from 'axe-core'
import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {addScriptedAgent} from '../../tui/e2e/support/scripted-agent.ts'
import {createHome} from '../../tui/e2e/support/home.ts'
import {narrow, openBrowser, openPhone, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {newSession} from './support/sessions.ts'
import {terminalRows} from './support/terminal-on-page.ts'

/** What axe objects to on the page as it is now. */
async function violations(page: Page): Promise<string[]> {
  // The debugger runs it: the page itself allows no foreign script.
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const runner = (window as unknown as {axe: typeof axe}).axe
    return (await runner.run(document, {preload: false, resultTypes: ['violations']})).violations
  })
  return found.map(
    ({id, nodes}) => `${id}: ${nodes.map(({html, failureSummary}) => `${html}\n${failureSummary}`).join('\n')}`,
  )
}

/** Each view of the page, and what shows that it is there. */
const views: readonly [name: string, path: string, ready: (page: Page) => Promise<unknown>][] = [
  ['the sessions', '#/', (page) => page.getByRole('link', {name: 'work'}).waitFor()],
  ['a new session', '#/new', (page) => page.getByRole('heading', {name: /new session/i}).waitFor()],
  ['the search', '#/search', (page) => page.getByRole('searchbox', {name: 'Words to find'}).waitFor()],
  ['the settings', '#/settings', (page) => page.getByRole('heading', {name: 'Notifications'}).waitFor()],
]

for (const colorScheme of ['light', 'dark'] as const) {
  for (const device of ['desk', 'phone'] as const) {
    test(`axe finds no violation, and nothing is wider than the screen: ${device}, ${colorScheme}`, async () => {
      await using home = createHome()
      await using browser = await openBrowser()
      addScriptedAgent(home)
      const work = await newSession(home, 'work')
      const agent = await newSession(home, 'agent', ['--agent', 'scripted'])
      const vim = await newSession(home, 'editor', ['--', 'sh', '-c', String.raw`printf '\033[31mred\033[0m'; read x`])
      await home.holdfast(['run', '--session', work, '--', 'printf "\\033[31mred\\033[0m\\n"; ls /nowhere'])
      await home.holdfast(['run', '--no-wait', '--session', agent, '--', 'ask'])
      await using server = await startPageServer(home)
      const {page, problems} = await (device === 'desk' ? openTab : openPhone)(browser, {colorScheme})
      await page.goto(server.url)
      await page.getByRole('heading', {name: /pair/i}).waitFor()
      expect(await violations(page), 'the pairing').toEqual([])
      await pairTab(page, await server.pairingUrl())
      await page.getByRole('link', {name: 'work'}).waitFor()
      const sessionViews: typeof views = [
        ['a shell', `#/s/${work}`, () => page.getByText('nowhere').first().waitFor()],
        ['an agent', `#/s/${agent}`, () => page.getByRole('button', {name: /allow/i}).first().waitFor()],
        ['a terminal', `#/s/${vim}/terminal`, () => expect.poll(() => terminalRows(page)).toContain('red')],
      ]
      for (const [name, path, isReady] of [...views, ...sessionViews]) {
        await page.goto(`${server.url}/${path}`)
        await isReady(page)
        expect(await violations(page), name).toEqual([])
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, name).toBeLessThanOrEqual(device === 'desk' ? 1280 : narrow.width)
      }
      // The browser says that the page asked, before it was paired, whether it is.
      expect(problems.filter((problem) => !problem.includes('401 (Unauthorized)'))).toEqual([])
    })
  }
}
