import type {Breadcrumb, Fact} from './breadcrumb.ts'

const MAX_LINE_LENGTH = 4096

/** Text that needs no quotes: it has no blank and cannot be taken for a number, a boolean or `null`. */
const BARE = /^(?!(?:true|false|null|NaN|-?Infinity)$)[A-Za-z_/][\w./:@+-]*$/

const PRINTABLE_ASCII = /^[ -~]*$/

/**
 * The line of a breadcrumb, without a line break: at most 4096 characters, with a mark ` …+N` at its end when N more were cut.
 *
 * Whatever the facts hold, the line holds no control character. `who`, `what` and the names of facts are made words:
 * a character that is no letter of ASCII, digit, or one of `_ . : / -` becomes `-`.
 * Throws `RangeError` when `at` is no time.
 */
export function formatBreadcrumb(breadcrumb: Breadcrumb): string {
  const {at, who, pid, generation, session, what, facts} = breadcrumb
  const parts = [new Date(at).toISOString(), word(who), `pid=${pid}`]
  if (generation !== undefined) parts.push(`gen=${generation}`)
  if (session !== undefined) parts.push(`session=${value(session)}`)
  parts.push(word(what))
  for (const [name, fact] of Object.entries(facts)) parts.push(`${word(name)}=${value(fact)}`)
  return cut(parts.join(' '))
}

function word(text: string): string {
  return text.replaceAll(/[^\w.:/-]+/g, '-') || '-'
}

function value(fact: Fact): string {
  if (typeof fact !== 'string') return String(fact)
  if (BARE.test(fact)) return fact
  const quoted = JSON.stringify(fact)
  return PRINTABLE_ASCII.test(quoted) ? quoted : escapeUnsafe(quoted)
}

/**
 * Control, format, private and unassigned characters, surrogates, and the two separators that some readers break lines at.
 * The expression is made when it is needed: V8 takes half a millisecond to collect them.
 */
function escapeUnsafe(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escape)
}

function escape(character: string): string {
  let escaped = ''
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }
  return escaped
}

function cut(line: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line
  // Room for the longest mark that this line can need; its number has at most as many digits as the length.
  let kept = MAX_LINE_LENGTH - ` …+${line.length}`.length
  if (/[\uD800-\uDBFF]/.test(line.charAt(kept - 1))) kept -= 1
  return `${line.slice(0, kept)} …+${line.length - kept}`
}
