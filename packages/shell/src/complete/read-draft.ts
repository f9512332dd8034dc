/** What of a command line is before the cursor, as a shell reads it. */
export interface DraftWords {
  /** The complete words of the command in which the cursor is, with their quotes; the first one is its name. */
  readonly words: readonly Word[]
  /** The word that ends at the cursor; empty after a space. */
  readonly current: Word
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"'
  /** The current word names a file, behind `<` or `>`. */
  readonly isRedirected: boolean
  readonly isComment: boolean
}

export interface Word {
  /** As it is written. */
  text: string
  /** Its index in the text. */
  start: number
}

/** Words behind which a command follows. */
const BEFORE_COMMANDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  'and',
  'or',
  'not',
  'begin',
  'time',
  '!',
  '{',
])
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/

interface Level {
  words: Word[]
  quote: '' | "'" | '"'
}

/** Reads a text up to its end, which is the cursor. Pure. */
export function readDraft(text: string): DraftWords {
  /** The commands around a `$(`. */
  const outer: Level[] = []
  let words: Word[] = []
  let quote: Level['quote'] = ''
  let start: number | undefined
  let isRedirected = false
  let isComment = false

  const endWord = (end: number) => {
    if (start === undefined) return
    const word = {text: text.slice(start, end), start}
    start = undefined
    if (isRedirected) isRedirected = false
    else if (words.length > 0 || !(BEFORE_COMMANDS.has(word.text) || ASSIGNMENT.test(word.text))) words.push(word)
  }
  const endCommand = (end: number) => {
    endWord(end)
    words = []
    isRedirected = false
  }

  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (isComment) {
      if (character === '\n') isComment = false
      else continue
    }
    if (quote === "'") {
      if (character === "'") quote = ''
    } else if (character === '\\') {
      start ??= at
      at++
    } else if (character === '$' && text[at + 1] === '(') {
      outer.push({words, quote})
      ;[words, quote, start, isRedirected] = [[], '', undefined, false]
      at++
    } else if (quote === '"') {
      if (character === '"') quote = ''
    } else if (character === "'" || character === '"') {
      start ??= at
      quote = character
    } else if (character === ' ' || character === '\t') {
      endWord(at)
    } else if (character === '#' && start === undefined) {
      isComment = true
    } else if (character === '<' || character === '>') {
      if (start !== undefined && /^(\d+|&)$/.test(text.slice(start, at))) start = undefined
      endWord(at)
      isRedirected = true
    } else if (character === '&' && isRedirected && start === undefined) {
      // As in 2>&1.
    } else if (character === ')' && outer.length > 0) {
      const level = outer.pop()!
      words = level.words
      quote = level.quote
      // The rest of a word around a substitution is completed as a word of its own.
      start = undefined
    } else if (';|&\n()`'.includes(character)) {
      endCommand(at)
    } else {
      start ??= at
    }
  }
  start ??= text.length
  return {words, current: {text: text.slice(start), start}, quote, isRedirected, isComment}
}

/** The variable that is being written at the cursor, with its name in a group: neither quoted nor escaped. Pure. */
export function findVariable({current, quote}: DraftWords): RegExpExecArray | null {
  return quote === "'" ? null : /(?<=(?<!\\)(?:\\\\)*)\$\{?(\w*)$/.exec(current.text)
}
