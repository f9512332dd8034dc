import stringWidth from 'string-width'

const between = ' · '

/**
 * Fits a line of keys, such as `Enter edits · Del removes · Esc back`, into a width. The first key and the last one, which
 * is the way out, are kept longest. Pure.
 */
export function fitKeys(line: string, columns: number): string {
  const parts = line.split(between)
  while (parts.length > 1 && stringWidth(parts.join(between)) > columns) parts.splice(parts.length > 2 ? -2 : -1, 1)
  return parts.join(between)
}
