import {setTimeout as delay} from 'node:timers/promises'

import type {CDPSession, Page} from 'playwright-core'

import {createHome} from '../../../apps/tui/e2e/support/home.ts'
import {launchBrowser, openTab} from '../../../apps/web/e2e/support/chromium.ts'
import {pairTab} from '../../../apps/web/e2e/support/pair-tab.ts'
import {startPageServer} from '../../../apps/web/e2e/support/page-server.ts'
import {newSession} from '../../../apps/web/e2e/support/sessions.ts'
import {percentileOf} from '../report.ts'
import {makeHistory} from '../tui/make-history.ts'
import {measureEcho} from '../tui/measure-echo.ts'
import {openProbe} from '../tui/probe.ts'
import {cli} from '../../../apps/tui/e2e/support/home.ts'
import {measurePageEcho} from './measure-page-echo.ts'

/** `screen`: the TUI in a terminal. */
export const contenders = ['screen', 'holdfast page'] as const

export interface Value {
  contender: (typeof contenders)[number]
  metric: string
  value: number
}

export type Values = AsyncGenerator<Value>

export const workloads: Readonly<Record<string, (chromium: string) => Values>> = {start, scroll, echo}

const runCount = 10_000
const slowdown = 4
const scrollMs = 5000
const keyCount = 100
/** CPU and memory of a process peak at its start. */
const settleMs = 4000
/** vim as everybody has it, but for the settings of this user. */
const vim = ['vim', '-u', 'NONE', '-N', '-n'] as const
/** The first line of a run in a transcript. */
const block = '.prompt'

/** From the request of the page to the first block of a transcript, in a browser that has nothing of it. */
async function* start(chromium: string): Values {
  await using home = createHome()
  const id = makeHistory(home, runCount)
  // The session is in use: it has a host.
  await home.holdfast(['run', '--session', id, '--', 'true'])
  await using server = await startPageServer(home)
  await using browser = await launchBrowser(chromium)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'history'}).waitFor()
  // The pairing stays, the rest goes.
  const cdp = await page.context().newCDPSession(page)
  await page.goto('about:blank')
  await cdp.send('Network.enable')
  await cdp.send('Network.clearBrowserCache')
  await cdp.send('Storage.clearDataForOrigin', {
    origin: server.url,
    storageTypes: 'service_workers,cache_storage,indexeddb',
  })
  await cdp.send('Emulation.setCPUThrottlingRate', {rate: slowdown})
  const bytes = countBytes(cdp)
  // Through the same channel as the bytes: what comes behind the first transcript does not count.
  const shown = Promise.withResolvers<{ms: number; byteCount: number}>()
  cdp.on('Runtime.bindingCalled', ({payload}) => shown.resolve({ms: Number(payload), byteCount: bytes.count}))
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', {name: 'transcriptShown'})
  await page.addInitScript(reportTranscript, block)
  await page.goto(`${server.url}/#/s/${id}`, {waitUntil: 'commit'})
  const {ms, byteCount} = await shown.promise
  yield {contender: 'holdfast page', metric: 'ms to the first transcript', value: ms}
  yield {contender: 'holdfast page', metric: 'KiB to the first transcript', value: byteCount / 1024}
}

/** Runs in the page: tells when the first block is there. */
function reportTranscript(selector: string): void {
  const {transcriptShown} = globalThis as unknown as {transcriptShown: (ms: string) => void}
  const look = () => {
    if (document.querySelector(selector) === null) requestAnimationFrame(look)
    else transcriptShown(String(performance.now()))
  }
  look()
}

/** All that came over the line, as it came: compressed, with headers, and what the connection has brought. */
function countBytes(cdp: CDPSession): {readonly count: number} {
  let count = 0
  cdp.on('Network.loadingFinished', ({encodedDataLength}) => (count += encodedDataLength))
  cdp.on('Network.webSocketFrameReceived', ({response}) => (count += response.payloadData.length))
  return {
    get count() {
      return count
    },
  }
}

/** Scrolls up through the whole history. */
async function* scroll(chromium: string): Values {
  await using home = createHome()
  const id = makeHistory(home, runCount)
  await using server = await startPageServer(home)
  await using browser = await launchBrowser(chromium)
  const {page} = await openTab(browser)
  await pairTab(page, await server.pairingUrl())
  await page.getByRole('link', {name: 'history'}).waitFor()
  await page.goto(`${server.url}/#/s/${id}`)
  await page.locator(block).first().waitFor()
  await delay(settleMs)
  yield {contender: 'holdfast page', metric: 'frames a second', value: await scrollUp(page)}
}

/** As a finger does that flings: 200 px a frame. Resolves with the frames a second. */
function scrollUp(page: Page): Promise<number> {
  return page.evaluate(
    async ({forMs, selector}) => {
      let scroller: Element | null = document.querySelector(selector)
      while (scroller !== null && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement
      if (scroller === null) throw new Error('Expected a transcript that scrolls, found none')
      const from = performance.now()
      let frames = 0
      let now = from
      while (now - from < forMs) {
        scroller.scrollTop -= 200
        now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
        frames++
      }
      return (frames * 1000) / (now - from)
    },
    {forMs: scrollMs, selector: block},
  )
}

/** From a key to its echo in an attached vim: on the page, and on the screen. */
async function* echo(chromium: string): Values {
  await using home = createHome()
  await using server = await startPageServer(home)
  await newSession(home, 'page', ['--', ...vim])
  const onScreen = await newSession(home, 'screen', ['--', ...vim])
  {
    await using browser = await launchBrowser(chromium)
    const {page} = await openTab(browser)
    await pairTab(page, await server.pairingUrl())
    await page.getByRole('link', {name: 'page'}).click()
    await page.getByRole('link', {name: 'Attach', exact: true}).click()
    await page.locator('.xterm-rows').waitFor()
    await delay(settleMs)
    yield {
      contender: 'holdfast page',
      metric: 'ms of echo in vim at p95',
      value: percentileOf(await measurePageEcho(page, keyCount), 0.95),
    }
  }
  const terminal = {command: process.execPath, args: [cli, 'attach', onScreen], env: home.env, cwd: home.project}
  await using probe = openProbe(terminal)
  await probe.waitFor(/~\s*~\s*~/)
  probe.write('i')
  await delay(settleMs)
  yield {
    contender: 'screen',
    metric: 'ms of echo in vim at p95',
    value: percentileOf(await measureEcho(probe, keyCount), 0.95),
  }
}
