import type {Page} from 'playwright-core'

/** Opens the address of a pairing, and pairs; resolves when the page shows the sessions. */
export async function pairTab(page: Page, pairingUrl: string): Promise<void> {
  await page.goto(pairingUrl)
  await page.getByRole('button', {name: 'Pair'}).click()
  await page.getByRole('navigation', {name: 'Sessions'}).waitFor()
}
