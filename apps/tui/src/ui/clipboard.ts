import {formatBytes} from '@holdfast/session-view'

/**
 * Sends a text to the clipboard of the terminal, by OSC 52, and returns what to tell the user. A terminal that does not support or
 * allow it ignores it without an answer. `isWhole`: nothing before the text was left out.
 */
export function copyToClipboard(
  {text, isWhole}: {text: string; isWhole: boolean},
  write: (sequence: string) => void,
): string {
  const bytes = Buffer.from(text)
  write(`\u001b]52;c;${bytes.toString('base64')}\u0007`)
  const size = formatBytes(bytes.length)
  return `${isWhole ? size : `The last ${size}`} sent to the terminal for the clipboard`
}
