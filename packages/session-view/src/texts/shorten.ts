import {toListLine} from '@holdfast/terminal/plain'

/** A text, such as a prompt, as one plain line of at most `maxLength` UTF-16 units; it ends with `…` if it was cut. Pure. */
export function shorten(text: string, maxLength: number): string {
  const line = toListLine(text)
  if (line.length <= maxLength) return line
  // Not half of a surrogate pair.
  return `${line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A folder, with `~` for the home folder of the user. Pure. */
export function shortenFolder(folder: string, home: string): string {
  if (folder === home) return '~'
  return folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder
}
