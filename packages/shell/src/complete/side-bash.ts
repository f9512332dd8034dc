import {quotePosix} from '../hooks/quote.ts'
import {findVariable, type Word} from './read-draft.ts'
import {bashScript, SETTLE} from './side-bash-script.ts'
import {type CompletionRequest, type Match, type SideShell} from './side-shell.ts'
import {readWord, writeWord} from './write-word.ts'

/** bash as it breaks words where the user has not set COMP_WORDBREAKS; quotes and blanks break words in any case. */
const DEFAULT_BREAKS = '=><;|&(:'

/**
 * To set or to unset it makes compgen read the folder of a path as the line editor does: it removes quotes, and runs a command in the
 * subscript of a variable.
 */
const DIREXPAND = /^shopt -[su] direxpand$/m

/** A word that begins with a quoted `~` or `$`, which is no home folder, and no variable. */
const LITERAL = /^(?:[\\'][~$]|"~|"\\\$)/

/** Completes in bash 4.4 or newer, as its line editor does: by the specification of the command, else names of files. */
export function sideBash(): SideShell {
  let breaks = DEFAULT_BREAKS
  let answersPath = ''

  return {
    start({requests, answers}) {
      answersPath = answers
      return {
        args: ['--norc', '--noprofile', 'complete.bash'],
        env: {BASH_ENV: '', BASHOPTS: ''},
        files: {'complete.bash': bashScript(requests)},
      }
    },
    takeState(state) {
      breaks = readBreaks(state)
      return `unalias -a\n${state.replace(DIREXPAND, '')}\n${SETTLE}\n__hf_send >${quotePosix(answersPath)}\n`
    },
    request(request) {
      const {kind, words, current} = readRequest(request, breaks)
      const line = request.text.slice(words[0]?.start ?? current.start, current.start)
      // The quotes of the last word are put back around the matches.
      const last = (LITERAL.test(current.text) ? './' : '') + readWord(current.text)
      const all = [...words.map(({text}) => text), last]
      const call = ['__hf_complete', ...[kind, request.cwd, line, ...all].map(quotePosix)].join(' ')
      return `${call} </dev/null >${quotePosix(answersPath)}\n`
    },
    readAnswer(answer, request) {
      const {kind, current} = readRequest(request, breaks)
      const [options = '', ...values] = answer.split('\0').slice(0, -1)
      const isFile = options.includes('filenames')
      const hasSpace = !options.includes('nospace')
      // A name of which nothing is typed yet is no home folder, and no variable, either.
      const names =
        isFile && readWord(current.text) === '' ? values.map((value) => value.replace(/^(?=[~$])/, './')) : values
      // The quote is before the variable, which alone is replaced.
      const opening = kind === 'variable' ? '' : request.quote
      return {
        start: current.start,
        matches: [...new Set(names)].map((value) => toMatch(value, {isFile, hasSpace, quote: request.quote, opening})),
      }
    },
  }
}

interface ReadRequest {
  kind: 'command' | 'variable' | 'user' | 'file' | 'argument'
  /** The words before the cursor as COMP_WORDS has them, without the current one. */
  words: readonly Word[]
  current: Word
}

function readRequest(request: CompletionRequest, breaks: string): ReadRequest {
  const {words, current, isRedirected} = request
  const variable = findVariable(request)
  if (variable !== null) {
    return {kind: 'variable', words, current: {text: variable[0], start: current.start + variable.index}}
  }
  if (/^~[\w.-]*$/.test(current.text)) return {kind: 'user', words, current}
  if (isRedirected) return {kind: 'file', words, current}
  if (words.length === 0) return {kind: 'command', words, current}
  const broken = [...words.slice(0, 1), ...[...words.slice(1), current].flatMap((word) => breakWord(word, breaks))]
  const last = broken.at(-1)!
  // A break is a word of its own; what follows it is completed.
  const isBreak = last.text !== '' && last.text.split('').every((each) => breaks.includes(each))
  const cursor = last.start + last.text.length
  return isBreak
    ? {kind: 'argument', words: broken, current: {text: '', start: cursor}}
    : {kind: 'argument', words: broken.slice(0, -1), current: last}
}

/** Breaks a word at the unquoted characters that break words, as bash fills COMP_WORDS. */
function breakWord({text, start}: Word, breaks: string): Word[] {
  const parts: Word[] = []
  let quote = ''
  let from = 0
  const cut = (to: number) => {
    if (to > from) parts.push({text: text.slice(from, to), start: start + from})
    from = to
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\' && quote !== "'") at++
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (breaks.includes(character)) {
      cut(at)
      while (breaks.includes(text[at + 1] ?? ' ')) at++
      cut(at + 1)
    }
  }
  cut(text.length)
  return parts.length === 0 ? [{text, start}] : parts
}

function readBreaks(state: string): string {
  const [, value] = /^declare \S+ COMP_WORDBREAKS=(.*)/m.exec(state) ?? []
  return value === undefined
    ? DEFAULT_BREAKS
    : '=><;|&(:@,+%?!^{}[]'
        .split('')
        .filter((each) => value.includes(each))
        .join('')
}

function toMatch(
  value: string,
  options: {isFile: boolean; hasSpace: boolean; quote: CompletionRequest['quote']; opening: string},
): Match {
  const {isFile, hasSpace, quote, opening} = options
  const isFolder = isFile && value.endsWith('/')
  // Some functions add the space themselves.
  const text = !isFile && !hasSpace && value.endsWith(' ') ? value.slice(0, -1) : value
  const isEnded = text !== value || (hasSpace && !isFolder)
  return {
    insert: isFile ? writeWord(text, {quote, syntax: 'ansi-c'}) : opening + text,
    suffix: isEnded ? `${quote} ` : '',
    label: isFile ? baseName(text) : readWord(text),
  }
}

function baseName(path: string): string {
  return path.replace(/^.*\/(?=[^/])/s, '')
}
