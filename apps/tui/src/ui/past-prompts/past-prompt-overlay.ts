import type {KeyActions, Overlay, OverlayHost} from '@holdfast/ink-composer'
import type {TerminalSize} from '@holdfast/terminal'

import {findErrorLines} from '../../past-prompts/error-lines.ts'
import type {PastPrompt, PastPromptPlace} from '../../past-prompts/find-past-prompt.ts'
import type {OutputLines} from '../../past-prompts/read-output-lines.ts'
import {outputRoom, pastPromptView, topFor, type Hits, type PastPromptState} from './past-prompt-view.ts'

/** What the panel reads, and what its keys do. None of the latter rejects. */
export interface PastPromptActions {
  find(place: PastPromptPlace, signal: AbortSignal): Promise<PastPrompt | undefined>
  /** The first and the last lines, or all of a short output. */
  readEnds(prompt: PastPrompt, signal: AbortSignal): Promise<OutputLines>
  readAll(prompt: PastPrompt, signal: AbortSignal): Promise<OutputLines>
  /** Opens the whole output in the user's pager. */
  open(prompt: PastPrompt): void
  copyOutput(prompt: PastPrompt): void
  copyCommand(prompt: PastPrompt): void
  runAgain(prompt: PastPrompt): void
  /** Puts its text into the draft. */
  edit(prompt: PastPrompt): void
  exportToFile(prompt: PastPrompt): void
  reportError(error: unknown): void
}

/** A line that a search has found. */
export interface FoundLine {
  /** All of them are in the line. */
  words: readonly string[]
  /** The line, or a part of it. */
  text: string
}

export interface PastPromptOverlayOptions {
  host: OverlayHost
  /** The one to begin with. */
  prompt: PastPrompt
  output: OutputLines
  /** The line of `output` to begin with, among others: see `findLine`. @default the first and the last lines */
  hits?: Hits | undefined
  actions: PastPromptActions
  size: () => TerminalSize
  showFolder: (folder: string) => string
  /** A command runs: Ctrl-C is for it. */
  isRunning: () => boolean
  /** The terminal shows the panel: text that comes before was typed ahead, for the prompt. */
  isShown: () => boolean
  /** Steps back from `prompt` that were asked for already. */
  steps: number
}

/** Walks through the prompts of a session that have ended. */
export function createPastPromptOverlay(options: PastPromptOverlayOptions): Overlay {
  const {host, actions, size, showFolder, isRunning, isShown} = options
  let state = atHits(options.hits, stateOf(options.prompt, options.output), outputRoom(size()))
  /** What is being read for the panel. */
  let reading: AbortController | undefined
  /** Steps to take: back in time if positive. */
  let steps = 0
  let isWalking = false

  let drawnFor = size()
  const change = (changes: Partial<PastPromptState>) => {
    state = {...state, remark: undefined, ...changes}
    host.redraw()
  }
  const read = (work: (signal: AbortSignal) => Promise<void>) => {
    reading?.abort()
    const current = new AbortController()
    reading = current
    void work(current.signal)
      .catch((error: unknown) => {
        if (!current.signal.aborted) actions.reportError(error)
      })
      .finally(() => {
        if (reading === current) reading = undefined
      })
  }
  const walk = (by: 1 | -1) => {
    steps += by
    // They are taken one after another.
    if (isWalking) return
    isWalking = true
    read(async (signal) => {
      try {
        await takeSteps(signal)
      } finally {
        isWalking = false
        steps = 0
      }
    })
  }
  const takeSteps = async (signal: AbortSignal) => {
    let {prompt} = state
    let remark: string | undefined
    while (steps !== 0) {
      const isBack = steps > 0
      const found = await actions.find(isBack ? {beforeSeq: prompt.startSeq} : {afterSeq: prompt.endSeq}, signal)
      signal.throwIfAborted()
      if (found === undefined && !isBack) return leave()
      if (found === undefined) remark = 'This is the first one'
      steps = found === undefined ? 0 : steps + (isBack ? -1 : 1)
      prompt = found ?? prompt
    }
    if (prompt === state.prompt) return change({remark})
    const output = await actions.readEnds(prompt, signal)
    signal.throwIfAborted()
    state = {...stateOf(prompt, output), remark}
    host.redraw()
    if (steps !== 0) await takeSteps(signal)
  }
  /** All lines: what is looked for may be anywhere. */
  const withAllLines = (then: (lines: readonly string[]) => void) => {
    if (state.output.gapAt === undefined || state.output.gapAt === state.output.lines.length)
      return then(state.output.lines)
    const {prompt} = state
    change({remark: 'Reading the output …'})
    read(async (signal) => {
      const output = await actions.readAll(prompt, signal)
      signal.throwIfAborted()
      state = {...state, output, top: undefined}
      then(output.lines)
    })
  }
  const choose = (hits: Hits) => {
    const line = hits.lines[hits.at] ?? 0
    change({hits, query: undefined, top: topFor(line, state.output.lines.length, outputRoom(size()))})
  }
  const goTo = (kind: Hits['kind'], find: (lines: readonly string[]) => number[], none: string) =>
    withAllLines((lines) => {
      const found = find(lines)
      if (found.length === 0) change({hits: undefined, query: undefined, top: undefined, remark: none})
      else choose({kind, lines: found, at: 0})
    })
  const step = (by: 1 | -1) => {
    const {hits} = state
    if (hits === undefined) return
    const count = hits.lines.length
    choose({...hits, at: (hits.at + by + count) % count})
  }
  const goToErrors = () => {
    if (state.hits?.kind === 'error') step(1)
    else goTo('error', findErrorLines, 'No line of it looks like an error')
  }
  const scroll = (by: number) =>
    withAllLines((lines) => {
      const last = Math.max(0, lines.length - outputRoom(size()))
      const top = by === Infinity ? last : Math.max(0, Math.min((state.top ?? 0) + by, last))
      change({top, hits: undefined})
    })
  const leave = () => host.close()
  const back = () => {
    if (state.isHelp || state.hits !== undefined || state.top !== undefined)
      change({isHelp: false, hits: undefined, top: undefined})
    else leave()
  }
  const closeAnd = (action: (prompt: PastPrompt) => void) => () => {
    const {prompt} = state
    leave()
    action(prompt)
  }

  const older = () => walk(1)
  const newer = () => walk(-1)
  const open = () => actions.open(state.prompt)
  const actionOfKey: KeyActions = {
    'alt-up': older,
    up: older,
    'ctrl-p': older,
    'alt-down': newer,
    down: newer,
    'ctrl-n': newer,
    enter: open,
    'page-up': () => scroll(-outputRoom(size())),
    'page-down': () => scroll(outputRoom(size())),
    home: () => scroll(-Infinity),
    end: () => scroll(Infinity),
    escape: back,
    'ctrl-g': leave,
  }
  const actionOfText: KeyActions = {
    o: open,
    y: () => actions.copyOutput(state.prompt),
    c: () => actions.copyCommand(state.prompt),
    r: closeAnd(actions.runAgain),
    e: closeAnd(actions.edit),
    x: () => actions.exportToFile(state.prompt),
    '/': () => change({query: ''}),
    '!': goToErrors,
    n: () => step(1),
    N: () => step(-1),
    '?': () => change({isHelp: !state.isHelp}),
  }

  let isClosed = false
  /** Keys that come fast arrive as one text. */
  const type = (text: string) => {
    for (const character of text) {
      if (isClosed) return
      if (state.query === undefined) actionOfText[character]?.()
      else change({query: state.query + character})
    }
  }
  /** A key while the text to find is typed. */
  const pressInQuery = (query: string, key: {name: string}) => {
    if (key.name === 'backspace') change({query: query.slice(0, -1)})
    else if (key.name === 'ctrl-u') change({query: ''})
    else if (key.name === 'escape' || key.name === 'ctrl-g' || query === '') change({query: undefined})
    else if (key.name === 'enter') goTo('match', (lines) => findText(lines, query), `Not found: ${query}`)
  }

  for (let count = options.steps; count > 0; count--) older()

  return {
    get view() {
      return pastPromptView(state, {size: size(), now: Date.now(), showFolder})
    },
    press(key, {isLate}) {
      if (key.kind === 'text' && (isLate || !isShown())) {
        leave()
        return false
      }
      if (key.kind === 'key' && key.name === 'ctrl-c') {
        if (isRunning()) return false
        leave()
      } else if (key.kind === 'text') type(key.text)
      else if (state.query === undefined) actionOfKey[key.name]?.()
      else pressInQuery(state.query, key)
      return true
    },
    refresh() {
      if (size() === drawnFor) return
      drawnFor = size()
      host.redraw()
    },
    closed() {
      isClosed = true
      reading?.abort()
    },
  }
}

function stateOf(prompt: PastPrompt, output: OutputLines): PastPromptState {
  return {prompt, output, top: undefined, hits: undefined, query: undefined, remark: undefined, isHelp: false}
}

function atHits(hits: Hits | undefined, state: PastPromptState, room: number): PastPromptState {
  const line = hits?.lines[hits.at]
  return line === undefined ? state : {...state, hits, top: topFor(line, state.output.lines.length, room)}
}

/** A found line, among the others with its words; `undefined`: it is not among `lines`. Pure. */
export function findLine(found: FoundLine, lines: readonly string[]): Hits | undefined {
  const withWord = found.words.map((word) => new Set(findText(lines, word.toLowerCase())))
  const hits = lines.flatMap((_, index) => (withWord.every((those) => those.has(index)) ? [index] : []))
  const at = hits.findIndex((index) => lines[index]?.includes(found.text))
  return at === -1 ? undefined : {kind: 'match', lines: hits, at}
}

/** The lines that contain a text; it distinguishes capital letters only if it has one. Pure. */
export function findText(lines: readonly string[], text: string): number[] {
  const ignoresCase = text === text.toLowerCase()
  return lines.flatMap((line, index) => ((ignoresCase ? line.toLowerCase() : line).includes(text) ? [index] : []))
}
