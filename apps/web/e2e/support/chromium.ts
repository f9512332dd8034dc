import {chromium, devices, type Browser, type BrowserContextOptions, type Page} from 'playwright-core'

import {need} from '../../../../tooling/vitest/need.ts'

/** A tab of a browser, with all that it has complained about. */
export interface Tab {
  readonly page: Page
  /** Errors and warnings of the console, among them violations of the Content-Security-Policy, and errors that nothing caught. */
  readonly problems: readonly string[]
}

export type TabOptions = Pick<BrowserContextOptions, 'colorScheme' | 'viewport' | 'permissions' | 'serviceWorkers'>

const desk = {width: 1280, height: 800} as const
/** The narrowest phone that the page is made for. */
export const narrow = {width: 360, height: 740} as const

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser with a new profile. Skips the test where there is none. */
export function openBrowser(): Promise<Browser> {
  return launchBrowser(need('chromium'))
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({executablePath, args: flags})
}

/** Opens a tab in a profile of its own. */
export function openTab(browser: Browser, options: TabOptions = {}): Promise<Tab> {
  return watchTab(browser, {viewport: desk, ...options})
}

/** The same on a phone with a touch screen. */
export function openPhone(browser: Browser, options: TabOptions = {}): Promise<Tab> {
  const {userAgent} = devices['Pixel 7']
  return watchTab(browser, {
    userAgent,
    viewport: narrow,
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    ...options,
  })
}

async function watchTab(browser: Browser, options: BrowserContextOptions): Promise<Tab> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  return {page, problems}
}
