/* oxlint-disable no-control-regex -- control characters have to be quoted */
import {quoteFish, quotePosix} from '../hooks/quote.ts'

export interface WriteOptions {
  /** The quote that the user has opened. @default none */
  quote?: '' | "'" | '"'
  syntax: 'ansi-c' | 'posix' | 'fish'
}

/** A home folder, or a variable, at the start of a path: stays as it is written. */
const EXPANDED = /^(~[\w.-]*|\$\w+|\$\{\w+\})(?=\/|$)/

/**
 * Writes a word so that the shell reads this value, in the quote that the user has opened, which stays open. Names with control
 * characters are quoted as a whole. Pure.
 */
export function writeWord(value: string, {quote = '', syntax}: WriteOptions): string {
  const [head = ''] = quote === "'" ? [] : (EXPANDED.exec(value) ?? [])
  const rest = value.slice(head.length)
  if (/[\u0000-\u001f\u007f-\u009f]/.test(rest)) return head + quoteControls(rest, syntax)
  if (quote === "'") return "'" + rest.replaceAll("'", syntax === 'fish' ? String.raw`\'` : String.raw`'\''`)
  if (quote === '"') return `"${head}${rest.replaceAll(syntax === 'fish' ? /["$\\]/g : /["$`\\]/g, '\\$&')}`
  // Not the home of a user.
  return (
    head + rest.replace(head === '' ? /^[~=]/ : /^\b$/, '\\$&').replaceAll(/[^\w@%+=:,./~\u00a0-\u{10ffff}-]/gu, '\\$&')
  )
}

function quoteControls(text: string, syntax: WriteOptions['syntax']): string {
  if (syntax === 'posix') return quotePosix(text)
  const escape = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  const controls = /[\u0000-\u001f\u007f]/g
  // fish reads escapes outside of quotes.
  if (syntax === 'fish') {
    return text
      .split(/([\u0000-\u001f\u007f])/)
      .map((part) => (part === '' ? '' : /^[\u0000-\u001f\u007f]/.test(part) ? escape(part) : quoteFish(part)))
      .join('')
  }
  const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll(controls, escape)
  return `$'${escaped}'`
}

/** The value of a word as a shell would read it, without expansions. Pure. */
export function readWord(word: string): string {
  let value = ''
  let quote = ''
  for (let at = 0; at < word.length; at++) {
    const character = word.charAt(at)
    if (character === '\\' && quote !== "'") {
      const next = word[at + 1] ?? ''
      value += quote === '"' && !'"$`\\'.includes(next) ? `\\${next}` : next
      at++
    } else if (quote === '' ? character === "'" || character === '"' : character === quote) {
      quote = quote === '' ? character : ''
    } else value += character
  }
  return value
}
