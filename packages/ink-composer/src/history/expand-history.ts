import {lastWord, wordsOf} from './last-word.ts'

/** What `!` begins in bash and zsh: an event, and the words of it. `!$` is a word of the event before. */
const reference =
  /!(?:(?<last>!)|(?<start>[A-Za-z_./~][^\s:;&|<>()"'`$^*!]*)|\?(?<part>[^?\s]+)\?)?(?<words>:?(?<word>[$^*])|:(?<number>\d{1,3}))?/y
/** `^old^new`: the command before, with a change. */
const substitution = /^\^(?<from>[^^]+)\^(?<to>[^^]*)\^?$/
/** Behind these, shells leave `!` alone: `[!a]`, `${!x}`, `$!`. */
const inhibitors: ReadonlySet<string> = new Set(['[', '{', '$'])

/** The earlier commands, newest first. */
type Commands = () => Iterable<string>

/**
 * A command with its references to earlier ones expanded, as bash and zsh do before they run it: `!!`, `!make`, `!?part?`, their
 * words by `!$`, `!^`, `!*` and `:2`, and `^old^new`. What names no earlier command stays as it is, and so does what is quoted:
 * `\!`, and `!` between single quotes. Numbers of the shell's history are not known here. Pure.
 */
export function expandHistory(text: string, commands: Commands): string {
  const find = (matches: (command: string) => boolean) => {
    for (const command of commands()) if (matches(command)) return command
    return undefined
  }
  const changed = substitution.exec(text)?.groups
  if (changed !== undefined) {
    const {from = '', to = ''} = changed
    const before = find(() => true)
    return before?.includes(from) === true ? before.replace(from, () => to) : text
  }
  let expanded = ''
  let quote = ''
  for (let at = 0; at < text.length;) {
    const character = text[at]!
    if (character === '!' && quote !== "'" && !inhibitors.has(text[at - 1] ?? '')) {
      reference.lastIndex = at
      const found = reference.exec(text)
      const words = found === null ? undefined : wordsFor(found.groups ?? {}, find)
      if (found !== null && words !== undefined) {
        expanded += words
        at += found[0].length
        continue
      }
    }
    const length = character === '\\' && quote !== "'" ? 2 : 1
    if (length === 1 && (character === quote || (quote === '' && /["']/.test(character))))
      quote = quote === '' ? character : ''
    expanded += text.slice(at, at + length)
    at += length
  }
  return expanded
}

/** `undefined`: there is no such command, or no such word, or nothing was asked for. */
function wordsFor(
  {last, start, part, words, word, number}: Record<string, string | undefined>,
  find: (matches: (command: string) => boolean) => string | undefined,
): string | undefined {
  const hasEvent = (last ?? start ?? part) !== undefined
  if (!hasEvent && words === undefined) return undefined
  const command = find((each) => (start === undefined ? each.includes(part ?? '') : each.startsWith(start)))
  if (command === undefined || words === undefined) return command
  const all = wordsOf(command)
  if (word === '*') return all.slice(1).join(' ')
  return word === '$' ? lastWord(command) : all[word === '^' ? 1 : Number(number)]
}
