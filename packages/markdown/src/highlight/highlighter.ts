import type {StreamParser, StringStream} from '@codemirror/streamparser'

import type {CodePart} from '../style.ts'
import {languageOf, loadLanguage} from './languages.ts'
import {createTemplateLiterals, type TemplateLiterals} from './template-literals.ts'

/** A part of a line of code; `undefined`: none of those that are told apart. */
export interface CodeSpan {
  text: string
  part: CodePart | undefined
}

/** Highlights the lines of one block of code, in order. */
export interface CodeReader {
  read(line: string): CodeSpan[]
  /** One in the same state. */
  fork(): CodeReader
}

export interface Highlighter {
  /** `undefined`: it is being loaded, and `onLoad` is called when it is there. */
  open(language: string): CodeReader | undefined
  /** Resolves when nothing is being loaded. */
  readonly settled: Promise<void>
}

/** Longer lines are not highlighted, UTF-16 units. */
const maxLength = 1000

/** Columns of an indentation, which only an editor would need. */
const indentUnit = 2

const plainCode: CodeReader = {read: (text) => [{text, part: undefined}], fork: () => plainCode}

interface Grammar {
  parser: StreamParser<unknown>
  createStream: (line: string) => StringStream
  hasTemplates: boolean
}

/** Loaded once for all texts of a process. `undefined`: it cannot be loaded. */
const grammars = new Map<string, Grammar | undefined>()
const loading = new Map<string, Promise<void>>()

export function createHighlighter(onLoad: () => void): Highlighter {
  let settled = Promise.resolve()
  const awaited = new Set<string>()
  return {
    open(name) {
      const language = languageOf(name)
      if (language === undefined) return plainCode
      if (grammars.has(language)) {
        const grammar = grammars.get(language)
        return grammar === undefined ? plainCode : createReader(grammar)
      }
      if (!awaited.has(language)) settled = Promise.all([settled, load(language)]).then(onLoad)
      awaited.add(language)
      return undefined
    },
    get settled() {
      return settled
    },
  }
}

function load(language: string): Promise<void> {
  const grammar = loading.get(language) ?? importGrammar(language)
  loading.set(language, grammar)
  return grammar
}

async function importGrammar(language: string): Promise<void> {
  try {
    const [parser, {StringStream}] = await Promise.all([loadLanguage(language), import('@codemirror/streamparser')])
    const createStream = (line: string) => new StringStream(line, indentUnit, indentUnit)
    grammars.set(language, {parser, createStream, hasTemplates: /^(?:java|type)script$/.test(language)})
  } catch {
    // A package that was removed while the program runs: the code is shown without colours.
    grammars.set(language, undefined)
  }
}

interface ReaderState {
  grammar: unknown
  templates: TemplateLiterals | undefined
}

function createReader({parser, createStream, hasTemplates}: Grammar, from?: ReaderState): CodeReader {
  const begin = () => parser.startState?.(indentUnit)
  let state = from === undefined ? begin() : from.grammar
  const templates = from === undefined && hasTemplates ? createTemplateLiterals() : from?.templates
  const read = (line: string): CodeSpan[] => {
    const spans = spansOf(createStream(templates?.hide(line) ?? line), parser, state)
    if (templates?.isOpen === false && spans.at(-1)?.part === 'string' && !/["'`]\W*$/.test(line)) state = begin()
    return textOf(spans, line)
  }
  return {
    read(line) {
      if (line === '') {
        parser.blankLine?.(state, indentUnit)
        return []
      }
      if (line.length > maxLength) return plainCode.read(line)
      try {
        return read(line)
      } catch {
        // The grammars are made for text that people write.
        return plainCode.read(line)
      }
    },
    fork() {
      const copy = {grammar: copyState(parser, state), templates: templates?.fork()}
      return createReader({parser, createStream, hasTemplates}, copy)
    },
  }
}

/** Spans of a line of the same length, with its own text. */
function textOf(spans: readonly CodeSpan[], line: string): CodeSpan[] {
  let at = 0
  return spans.map(({text, part}) => ({text: line.slice(at, (at += text.length)), part}))
}

/** Tokens without text that a grammar may return in a row, for a change of its state. */
const maxEmpty = 10

function spansOf(stream: StringStream, parser: StreamParser<unknown>, state: unknown): CodeSpan[] {
  const spans: CodeSpan[] = []
  let empty = 0
  while (!stream.eol()) {
    const part = partOf(parser.token(stream, state))
    const text = stream.current()
    stream.start = stream.pos
    if (text === '' && ++empty > maxEmpty) throw new Error('The grammar does not advance')
    if (text === '') continue
    empty = 0
    const last = spans.at(-1)
    if (last !== undefined && last.part === part) last.text += text
    else spans.push({text, part})
  }
  return spans
}

function copyState(parser: StreamParser<unknown>, state: unknown): unknown {
  if (parser.copyState !== undefined) return parser.copyState(state)
  if (typeof state !== 'object' || state === null) return state
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, Array.isArray(value) ? value.slice() : value]),
  )
}

/** By the first word of a token's name, such as `string` of `string.special`. */
const parts: Readonly<Record<string, CodePart>> = {
  comment: 'comment',
  keyword: 'keyword',
  tag: 'keyword',
  tagName: 'keyword',
  string: 'string',
  number: 'number',
  atom: 'number',
  bool: 'number',
  type: 'type',
  typeName: 'type',
  def: 'definition',
  attribute: 'definition',
  attributeName: 'definition',
  meta: 'meta',
  builtin: 'type',
  inserted: 'inserted',
  deleted: 'deleted',
}

function partOf(token: string | null): CodePart | undefined {
  const name = token?.split(/[. ]/, 1)[0] ?? ''
  return Object.hasOwn(parts, name) ? parts[name] : undefined
}
