import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {cli, createHome} from '../../tui/e2e/support/home.ts'
import {openBrowser, openTab} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {readSaved} from './support/saved-on-device.ts'
import {newSession} from './support/sessions.ts'

/** The page and its files are kept, and so are the list and a session. */
async function allSaved(page: Page): Promise<void> {
  await expect.poll(async () => (await page.evaluate(readSaved)).records, {timeout: 20_000}).toBeGreaterThanOrEqual(2)
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
}

test('without a server, the page opens, reloads, and shows what it has; nothing with data is in its caches', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  const id = await newSession(home, 'kept')
  expect((await home.holdfast(['run', '--session', id, '--', 'echo', 'seen before'])).exitCode).toBe(0)
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'kept'}).click()
  await page.getByText('seen before', {exact: true}).waitFor()
  await allSaved(page)
  const {cached} = await page.evaluate(readSaved)
  const files = cached.filter((path) => !/^\/assets\/[\w-]+\.(js|css)$/.test(path))
  expect(files.toSorted()).toEqual(['/', '/icon.svg', '/manifest.webmanifest'])

  server.running.child.kill('SIGKILL')
  await server.running.ended
  await page.reload()
  await page.getByText('seen before', {exact: true}).waitFor()
  const other = await page.context().newPage()
  await other.goto(server.url)
  await other.getByRole('link', {name: 'kept'}).click()
  await other.getByText('seen before', {exact: true}).waitFor()

  await using restarted = await startPageServer(home, address)
  expect(restarted.url).toBe(server.url)
  await page.getByText('Connected').first().waitFor()
  await page.getByRole('textbox', {name: 'Prompt'}).fill('echo $((40 + 2))')
  await page.getByRole('textbox', {name: 'Prompt'}).press('Enter')
  await page.getByText('42', {exact: true}).waitFor()
})

test('a device that was revoked while it was away keeps no page, no cache and no session', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'secret')
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl(['--name', 'phone']))
  await page.getByRole('link', {name: 'secret'}).click()
  await page.getByRole('heading', {name: 'secret'}).waitFor()
  await allSaved(page)
  await page.goto('about:blank')
  server.running.child.kill('SIGTERM')
  await server.running.ended
  expect((await home.holdfast(['devices', 'revoke', 'phone'])).exitCode).toBe(0)
  await using restarted = await startPageServer(home, address)
  await page.goto(restarted.url)
  await page.getByRole('heading', {name: /paired/}).waitFor()
  await expect.poll(() => page.evaluate(readSaved)).toEqual({records: 0, cached: [], workers: 0, localStorage: []})
})

test('an upgraded server gives its new page at the next load, also to be kept', async () => {
  const folder = mkdtempSync('/tmp/hf-command-')
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(folder, {recursive: true}))
  const command = dirname(dirname(cli))
  for (const name of readdirSync(command)) if (name !== 'dist') symlinkSync(join(command, name), join(folder, name))
  cpSync(join(command, 'dist'), join(folder, 'dist'), {recursive: true})
  await using home = createHome({cli: join(folder, 'dist/cli.cjs')})
  await using browser = await openBrowser()
  await newSession(home, 'kept')
  const server = await startPageServer(home)
  const address = new URL(server.url).host
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'kept'}).click()
  await allSaved(page)
  server.running.child.kill('SIGTERM')
  await server.running.ended

  upgradePage(join(folder, 'dist/web'))
  const upgraded = await startPageServer(home, address)
  await page.reload()
  expect(await page.locator('html').getAttribute('data-release')).toBe('next')
  // The cache of the page before goes only when the new one is whole.
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['holdfast-page-next'])
  upgraded.running.child.kill('SIGTERM')
  await upgraded.running.ended
  await page.reload()
  expect(await page.locator('html').getAttribute('data-release')).toBe('next')
  await page.getByRole('link', {name: 'kept'}).waitFor()
})

/** As a build of the next release does: another page, with a service worker that has another digest. */
function upgradePage(folder: string): void {
  const change = (file: string, from: RegExp, to: string) => {
    writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace(from, to))
    rmSync(join(folder, `${file}.br`))
  }
  change('index.html', /<html /, '<html data-release="next" ')
  change('service-worker.js', /"digest":"\w+"/, '"digest":"next"')
}
