import stringWidth from 'string-width'

const between = ' · '

/**
 * Of a line that says which keys there are, such as `Enter edits · Del removes · Esc back`, what has room: the first is what
 * it is about, the last is the way out, so those between them go first, from behind. Pure.
 */
export function fitKeys(line: string, columns: number): string {
  const parts = line.split(between)
  while (parts.length > 1 && stringWidth(parts.join(between)) > columns) parts.splice(parts.length > 2 ? -2 : -1, 1)
  return parts.join(between)
}
