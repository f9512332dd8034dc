import type {Breadcrumb} from './breadcrumb.ts'

const maxLineLength = 4096
/** Tried one after another on the strings of a line that is too long. */
const maxValueLengths = [1024, 64]

/**
 * A breadcrumb as one line of ASCII without a line break, 4096 characters at most. Characters other than printable ASCII
 * are escaped, so that a terminal can print the line as it is. In a line that would be too long, long values are cut and
 * end with `…`; if that does not help, all facts are left out. Both set `truncated`.
 */
export function encodeBreadcrumb(breadcrumb: Breadcrumb): string {
  const line = toAsciiJson(breadcrumb)
  if (line.length <= maxLineLength) return line
  for (const maxLength of maxValueLengths) {
    const shorter = toAsciiJson({...breadcrumb, truncated: true}, maxLength)
    if (shorter.length <= maxLineLength) return shorter
  }
  return toAsciiJson({...breadcrumb, facts: {}, truncated: true}, 64)
}

function toAsciiJson(value: Breadcrumb, maxLength = Infinity): string {
  const json = JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'string' && one.length > maxLength ? `${one.slice(0, maxLength)}…` : one,
  )
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** `undefined` for text that is not a breadcrumb, such as a line that a full disk left half written. */
export function decodeBreadcrumb(line: string): Breadcrumb | undefined {
  let value: Partial<Breadcrumb> | null
  try {
    value = JSON.parse(line) as Partial<Breadcrumb> | null
  } catch {
    return undefined
  }
  const {time, role, pid, event, facts} = value ?? {}
  const isBreadcrumb =
    typeof time === 'string' &&
    isoTime.test(time) &&
    typeof role === 'string' &&
    typeof pid === 'number' &&
    typeof event === 'string' &&
    typeof facts === 'object' &&
    facts !== null
  return isBreadcrumb ? (value as Breadcrumb) : undefined
}
