import {writeFileSync} from 'node:fs'

import type {Page} from 'playwright-core'

import {until} from '../../apps/tui/e2e/support/until.ts'
import {launchBrowser, openPhone, openTab, type Tab} from '../../apps/web/e2e/support/chromium.ts'
import {pairTab} from '../../apps/web/e2e/support/pair-tab.ts'
import {startPageServer} from '../../apps/web/e2e/support/page-server.ts'
import {newSession} from '../../apps/web/e2e/support/sessions.ts'
import {NEEDS} from '../vitest/needs.ts'
import {createDemo} from './demo.ts'

/** What is to be seen: a session as of `createShop`, or the list of all. */
type Shown = 'sessions' | 'agent' | 'terminal' | 'run'

interface PageScene {
  device: 'desk' | 'phone'
  colorScheme: 'light' | 'dark'
  shown: Shown
}

/** Pictures of the page in Chromium, as PNG. */
export const pageScenes: Readonly<Record<string, PageScene>> = {
  'web-desk-light': {device: 'desk', colorScheme: 'light', shown: 'agent'},
  'web-desk-dark': {device: 'desk', colorScheme: 'dark', shown: 'run'},
  'web-phone-light': {device: 'phone', colorScheme: 'light', shown: 'sessions'},
  'web-phone-question': {device: 'phone', colorScheme: 'dark', shown: 'agent'},
  'web-phone-dark': {device: 'phone', colorScheme: 'dark', shown: 'terminal'},
}

/** Draws some of them, one after the other, of one set of sessions. */
export async function* drawPageScenes(names: readonly string[]): AsyncGenerator<{name: string; png: Buffer}> {
  const chromium = NEEDS.chromium.find()
  if (chromium === undefined) throw new Error(NEEDS.chromium.skipped)
  await using demo = createDemo()
  const {home, project} = demo
  const run = (id: string, command: string) => home.holdfast(['run', '--session', id, '--no-wait', '--', command])
  demo.addProgram(
    'check',
    String.raw`printf '\033[32m✓\033[0m stock.test.ts (8 tests)\n\033[32m✓\033[0m order.test.ts (85 tests)\n'`,
  )
  writeFileSync(`${project}/stock.ts`, stock)
  const work = await newSession(home, 'shop', ['--cwd', project])
  for (const command of ['git status --short', './check', 'ls missing'])
    await home.holdfast(['run', '--session', work, '--', command])
  const build = await newSession(home, 'build', ['--cwd', project])
  await run(build, 'echo 98 of 120 files; sleep 600')
  const deploy = await newSession(home, 'deploy', ['--cwd', project, '--tag', 'prod'])
  await run(deploy, 'read -rsp "Password: " secret')
  const editor = await newSession(home, 'notes', [
    '--cwd',
    project,
    '--',
    'vim',
    '-u',
    'NONE',
    '-N',
    '-c',
    'syntax on',
    'stock.ts',
  ])
  const agent = await newSession(home, 'Stock of -1', ['--cwd', project, '--agent', 'coder'])
  await run(agent, 'Why is the stock of 日本 -1? Mend it.')

  await using server = await startPageServer(home)
  await using browser = await launchBrowser(chromium)
  const routes: Readonly<Record<Shown, string>> = {
    sessions: '',
    agent: `s/${agent}`,
    run: `s/${work}`,
    terminal: `s/${editor}/terminal`,
  }
  for (const name of names) {
    const {device, colorScheme, shown} = pageScenes[name]!
    const open: typeof openTab = device === 'desk' ? openTab : openPhone
    const {page}: Tab = await open(browser, {colorScheme})
    await pairTab(page, await server.pairingUrl(['--name', device === 'desk' ? 'Laptop' : 'Phone']))
    await page.goto(`${server.url}/#/${routes[shown]}`)
    await isReady[shown](page)
    yield {name, png: await atRest(page, home.user)}
    await page.context().close()
  }
}

const isReady: Readonly<Record<Shown, (page: Page) => Promise<unknown>>> = {
  sessions: (page) =>
    page
      .getByText(/password/i)
      .first()
      .waitFor(),
  // It takes an answer only after it has been on the screen for a moment.
  agent: (page) => page.getByRole('button', {name: 'Allow once', disabled: false}).waitFor(),
  run: (page) => page.getByText('No such file').waitFor(),
  terminal: (page) => page.locator('.xterm-rows', {hasText: 'takeOne'}).waitFor(),
}

const stock = `import {run} from './database.ts'

/** Takes one piece of a product, unless there is none. */
export async function takeOne(id: string) {
  const [row] = await run(
    'UPDATE stock SET left = left - 1
      WHERE id = ? AND left > 0', id)
  return row !== undefined
}
`

/** A picture that is the same twice, in which the home folder is that of a user. */
function atRest(page: Page, home: string): Promise<Buffer> {
  let before: Buffer | undefined
  return until(
    async () => {
      await page.evaluate(renameHome, home)
      const png = await page.screenshot({caret: 'initial', animations: 'disabled'})
      const isSame = before?.equals(png) === true
      before = png
      return isSame && png
    },
    {what: 'a page at rest', timeoutMs: 30_000},
  )
}

function renameHome(home: string): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    if (text.nodeValue?.includes(home) === true) text.nodeValue = text.nodeValue.replaceAll(home, '/home/ada')
  }
}
