import {setTimeout as delay} from 'node:timers/promises'

import type {Page} from 'playwright-core'

const frameMs = 1000 / 60
const letters = 'abcdefghijklmnopqrstuvwxyz'

declare global {
  interface Window {
    /** The time from each key to the change of the row that shows it, ms. */
    echoMs: number[]
  }
}

/**
 * Types keys one by one into a vim in the terminal of the page, at all moments of a frame. Returns the time from each key, when the
 * page gets it, to the change of its row, ms.
 */
export async function measurePageEcho(page: Page, keyCount: number): Promise<number[]> {
  await page.keyboard.press('i')
  await delay(500)
  await page.evaluate(() => {
    window.echoMs = []
    const text = () => document.querySelector('.xterm-rows > div')?.textContent ?? ''
    let typedAt = NaN
    let before = text()
    addEventListener(
      'keydown',
      () => {
        typedAt = performance.now()
        before = text()
      },
      true,
    )
    const look = () => {
      if (Number.isNaN(typedAt) || text() === before) return
      window.echoMs.push(performance.now() - typedAt)
      typedAt = NaN
    }
    const rows = document.querySelector('.xterm-rows')
    if (rows !== null) new MutationObserver(look).observe(rows, {childList: true, subtree: true, characterData: true})
  })
  for (let key = 0; key < keyCount; key++) {
    // Steps of the golden ratio spread the keys evenly over a frame.
    await delay(3 * frameMs + ((key * 0.618) % 1) * frameMs)
    await page.keyboard.press(letters[key % letters.length]!)
    // The next key waits until this one is shown.
    await page.waitForFunction((count) => window.echoMs.length > count, key, {polling: 10})
  }
  return page.evaluate(() => window.echoMs)
}
