import type {Locator, Page} from 'playwright-core'
import {expect} from 'vitest'

export function promptOf(page: Page): Locator {
  return page.getByRole('textbox', {name: 'Prompt'})
}

/** Resolves when the session is open, and runs nothing. */
export async function isIdle(page: Page): Promise<void> {
  await expect.poll(() => promptOf(page).getAttribute('placeholder')).toBe('Type a command')
}

/** Resolves when the page says that the connection is lost. */
export async function reconnecting(page: Page): Promise<void> {
  await page
    .getByText(/Reconnecting/)
    .first()
    .waitFor()
}
