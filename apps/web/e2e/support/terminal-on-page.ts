import type {Page} from 'playwright-core'

/** The rows that the terminal of the page shows, without blanks at their ends. */
export async function terminalRows(page: Page): Promise<string> {
  const rows = await page.locator('.xterm-rows > div').allTextContents()
  // The page draws spaces as no-break ones.
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
}

/** What the terminal gets that has the focus, as a paste. */
export async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}))
  }, text)
}
