import {once} from 'node:events'
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {basename, dirname, join} from 'node:path'

import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'

import {cli, createHome} from '../../tui/e2e/support/home.ts'
import {addScriptedAgent} from '../../tui/e2e/support/scripted-agent.ts'
import {narrow, openBrowser, openTab, type TabOptions} from './support/chromium.ts'
import {pairTab} from './support/pair-tab.ts'
import {startPageServer} from './support/page-server.ts'
import {readSaved} from './support/saved-on-device.ts'
import {newSession} from './support/sessions.ts'

/** The page and its files are kept, and so are the list and a session. */
async function allSaved(page: Page): Promise<void> {
  await expect.poll(async () => (await page.evaluate(readSaved)).records).toBeGreaterThanOrEqual(2)
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
  // Also a phone says all of it, beside a title that can be read.
  await other.setViewportSize(narrow)
  for (const view of ['', '/terminal']) {
    await other.goto(`${server.url}/#/s/${id}${view}`)
    await other.getByRole('button', {name: 'Try now'}).waitFor()
    expect(await other.locator('.session-bar .line-dot').boundingBox()).toMatchObject({width: 8, height: 8})
    expect((await other.getByRole('heading', {name: 'kept'}).boundingBox())?.width).toBeGreaterThan(150)
  }

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

/** A command that can be upgraded, with one session, whose page is open in a tab. */
async function openUpgradable(options: TabOptions = {}) {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync('/tmp/hf-command-')
  stack.defer(() => rmSync(folder, {recursive: true}))
  const command = dirname(dirname(cli))
  for (const name of readdirSync(command)) if (name !== 'dist') symlinkSync(join(command, name), join(folder, name))
  cpSync(join(command, 'dist'), join(folder, 'dist'), {recursive: true})
  const home = stack.use(createHome({cli: join(folder, 'dist/cli.cjs')}))
  const browser = stack.use(await openBrowser())
  await newSession(home, 'kept')
  let server = await startPageServer(home)
  const stop = async () => {
    server.running.child.kill('SIGTERM')
    await server.running.ended
  }
  stack.defer(stop)
  const {host} = new URL(server.url)
  const {page} = await openTab(browser, options)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'kept'}).click()
  const owned = stack.move()
  return {
    page,
    url: server.url,
    stop,
    /** Starts the server of another release. */
    async upgrade(release: string) {
      await stop()
      upgradePage(join(folder, 'dist/web'), release)
      server = await startPageServer(home, host)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const releaseOf = (page: Page) => page.locator('html').getAttribute('data-release')
const cachesOf = (page: Page) => page.evaluate(() => caches.keys())

test('an upgraded server gives its new page at the next load, also to be kept beside the one before', async () => {
  await using upgradable = await openUpgradable()
  const {page} = upgradable
  await allSaved(page)
  const [first] = await cachesOf(page)
  await upgradable.upgrade('second')
  await page.reload()
  expect(await releaseOf(page)).toBe('second')
  await expect.poll(() => cachesOf(page)).toEqual([first, 'holdfast-page-second'])
  await upgradable.upgrade('third')
  await page.reload()
  expect(await releaseOf(page)).toBe('third')
  // The cache of an old page goes only when a new one is whole.
  await expect.poll(() => cachesOf(page)).toEqual(['holdfast-page-second', 'holdfast-page-third'])
  await upgradable.stop()
  await page.reload()
  expect(await releaseOf(page)).toBe('third')
  await page.getByRole('link', {name: 'kept'}).waitFor()
})

test('a tab from before an upgrade opens its own parts when another tab has the new page', async () => {
  await using upgradable = await openUpgradable()
  const {page, url} = upgradable
  await allSaved(page)
  await upgradable.upgrade('second')
  const isTaken = page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), {once: true})
      }),
  )
  const other = await page.context().newPage()
  await other.goto(url)
  expect(await releaseOf(other)).toBe('second')
  await isTaken
  // The browser may drop what it has in its own cache at any time.
  await (await page.context().newCDPSession(page)).send('Network.clearBrowserCache')
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox', {name: 'Words to find'}).waitFor()
  expect(await releaseOf(page)).toBeNull()
})

test('a tab from before an upgrade that has kept nothing loads the new page when it needs a part that is gone', async () => {
  await using upgradable = await openUpgradable({serviceWorkers: 'block'})
  const {page} = upgradable
  await upgradable.upgrade('second')
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox', {name: 'Words to find'}).waitFor()
  expect(await releaseOf(page)).toBe('second')
})

test('a tab that has kept nothing shows what it has when it needs a part without a server', async () => {
  await using upgradable = await openUpgradable({serviceWorkers: 'block'})
  const {page} = upgradable
  await page.getByRole('heading', {name: 'kept'}).waitFor()
  await upgradable.stop()
  await page.keyboard.press('Control+k')
  const problem = page.getByRole('alert')
  await problem.getByText('could not be loaded').waitFor()
  await problem.getByRole('button', {name: 'Reload'}).click()
  await problem.getByText('The server does not answer').waitFor()
  await page.getByRole('link', {name: 'kept'}).click()
  await page.getByRole('textbox', {name: 'Prompt'}).waitFor()

  await page.getByRole('link', {name: 'Attach', exact: true}).click()
  await page.getByRole('main').getByText('could not be loaded').waitFor()
  await page.getByRole('link', {name: 'Transcript', exact: true}).click()
  await page.getByRole('textbox', {name: 'Prompt'}).waitFor()
  expect(await releaseOf(page)).toBeNull()

  await page.keyboard.press('Control+k')
  await problem.getByText('could not be loaded').waitFor()
  await upgradable.upgrade('second')
  await problem.getByRole('button', {name: 'Reload'}).click()
  await page.getByRole('searchbox', {name: 'Words to find'}).waitFor()
  expect(await releaseOf(page)).toBe('second')
})

test('what an agent says is shown as it is where the parts that draw it are missing, after one reload', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  addScriptedAgent(home)
  const id = await newSession(home, 'agent', ['--agent', 'scripted'])
  writeFileSync(`${home.project}/answer`, 'Some **bold** text\n\n```python\nprint(42)\n```\n')
  await using server = await startPageServer(home)
  const {page} = await openTab(browser, {serviceWorkers: 'block'})
  await page.route(/assets\/(markdown-text|highlight)/, (route) => route.abort())
  await pairTab(page, await server.pairingUrl())
  let loads = 0
  const uncaught: Error[] = []
  page.on('load', () => loads++)
  page.on('pageerror', (error) => uncaught.push(error))
  await home.holdfast(['run', '--session', id, '--', `stream ${home.project}/answer`])
  await page.getByRole('link', {name: 'agent'}).click()
  await expect.poll(() => loads).toBe(1)
  await page.getByText('Some **bold** text').waitFor()
  await page.getByRole('region', {name: 'Code, python'}).getByText('print(42)').waitFor()
  await page.getByRole('textbox', {name: 'Prompt'}).fill('half a thought')
  expect(uncaught).toEqual([])
  expect(loads).toBe(1)
})

test('a proxy that wants a login gets it, though the page is kept', async () => {
  await using home = createHome()
  await using browser = await openBrowser()
  await newSession(home, 'kept')
  const server = await startPageServer(home)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'kept'}).click()
  await allSaved(page)
  server.running.child.kill('SIGTERM')
  await server.running.ended

  await using proxy = createServer(({url}, response) => {
    if (url === '/login') response.setHeader('content-type', 'text/html').end('<h1>Log in</h1>')
    else response.writeHead(302, {location: '/login'}).end()
  })
  proxy.listen(Number(new URL(server.url).port), '127.0.0.1')
  await once(proxy, 'listening')
  await page.reload()
  await page.getByRole('heading', {name: 'Log in'}).waitFor()
  expect(new URL(page.url()).pathname).toBe('/login')
})

/** As a build of another release does: another page, whose parts have other names, with a service worker that has another digest. */
function upgradePage(folder: string, release: string): void {
  const assets = join(folder, 'assets')
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
  const rename = (name: string) => name.replace(/\.js$/, `-${release}.js`)
  const change = (file: string, replace: (text: string) => string) => {
    const path = join(folder, file)
    const text = scripts.reduce((all, name) => all.replaceAll(name, rename(name)), readFileSync(path, 'utf8'))
    for (const old of [path, `${path}.br`]) rmSync(old, {force: true})
    const name = basename(path)
    writeFileSync(join(dirname(path), scripts.includes(name) ? rename(name) : name), replace(text))
  }
  for (const name of scripts) change(`assets/${name}`, (text) => text)
  change('index.html', (text) => text.replace(/<html (data-release="\w+" )?/, `<html data-release="${release}" `))
  change('service-worker.js', (text) => text.replace(/"digest":"\w+"/, `"digest":"${release}"`))
}
