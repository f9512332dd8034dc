import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {NO_COMPLETIONS, toCompletions, type Completions} from './completions.ts'
import {findPaths, findPlainMatches} from './plain-matches.ts'
import {readDraft} from './read-draft.ts'
import type {ShellState} from './shell-state.ts'
import {startSideProcess, type SideProcess} from './side-process.ts'
import type {CompletionRequest, SideShell} from './side-shell.ts'
import type {WriteOptions} from './write-word.ts'

export interface CompleterOptions {
  /** Path of the shell. */
  path: string
  /** How this kind of shell completes. @default paths, programs and exported variables, without a shell */
  side: {shell: SideShell; state: ShellState} | undefined
  syntax: WriteOptions['syntax']
  /** The environment in which the shell was started. */
  env: Readonly<Record<string, string>>
  /** Where a side process gets a private folder. */
  temporary: string
}

/** The shell in which commands run. */
export interface LiveShell {
  cwd: string
  /** It has ended a command, and draws its prompt. */
  isDrawing: () => boolean
}

/** Completes command lines as the shell would, in a side process that starts when it is needed first. */
export interface Completer {
  /** The shell reports its state at this moment: it has not drawn its prompt. */
  readonly isReporting: boolean
  /** The user will complete: from now on, the shell reports its state before each prompt. */
  expect(): void
  /** Answers within `ANSWER_MS`, then with paths, while the shell goes on. Never rejects. */
  complete(text: string, live: LiveShell): Promise<Completions>
  close(): Promise<void>
}

/** The longest wait for the shell, ms; then there are only paths. */
const ANSWER_MS = 300
/** How long it may take to an answer, ms; then it is ended. The first answer for a command may take long, as it loads a file. */
const HANG_MS = 2000
/** A late answer is kept for the next request of the same text, ms. */
const FRESH_MS = 500
/** The longest that a side process may take to start and to take the state, ms. */
const START_MS = 10_000
/** A side process ends when nothing was completed for this long, ms. */
const IDLE_MS = 10 * 60_000
/** What is before the cursor and completed, UTF-16 units; what is farther away is cut off. */
const MAX_TEXT = 16_384

interface Started {
  process: SideProcess
  shell: SideShell
  /** The state that it has. */
  state: string | undefined
}

interface Asked {
  request: CompletionRequest
  answer: Promise<Completions>
  /** By `performance.now()`. */
  answeredAt: number | undefined
}

export function createCompleter({path, side, syntax, env, temporary}: CompleterOptions): Completer {
  let started: Started | undefined
  let preparing: Promise<Started | undefined> | undefined
  let isClosed = false
  let idle: NodeJS.Timeout | undefined
  let asked: Asked | undefined
  let folder: string | undefined
  let generation = 0

  const stop = async () => {
    clearTimeout(idle)
    const stopped = started
    started = undefined
    await stopped?.process.close()
  }

  /** Starts the side process if there is none, and gives it the newest state. */
  const prepare = (isDrawing: () => boolean): Promise<Started | undefined> => {
    preparing ??= prepareNow(isDrawing).finally(() => (preparing = undefined))
    return preparing
  }
  const prepareNow = async (isDrawing: () => boolean): Promise<Started | undefined> => {
    if (side === undefined || isClosed) return undefined
    clearTimeout(idle)
    idle = setTimeout(() => void stop(), IDLE_MS).unref()
    try {
      if (started?.process.isGone === true) await stop()
      if (started === undefined) {
        folder ??= makeFolder(temporary)
        const process = startSideProcess({path, sideShell: side.shell, env, folder, generation: ++generation})
        started = {process, shell: side.shell, state: undefined}
      }
      const current = started
      await side.state.settle(isDrawing)
      const {text} = side.state
      if (text !== undefined && current.state !== text) {
        const answer = await current.process.ask(side.shell.takeState(text), AbortSignal.timeout(START_MS))
        if (answer === undefined) {
          await stop()
          return undefined
        }
        current.state = text
      }
      return current
    } catch {
      // The system has no process or terminal left.
      return undefined
    }
  }

  const ask = async (request: CompletionRequest, isDrawing: () => boolean): Promise<Completions> => {
    const prepared = await prepare(isDrawing)
    const script = prepared?.shell.request(request)
    const answer = script === undefined ? undefined : await prepared?.process.ask(script, AbortSignal.timeout(HANG_MS))
    if (prepared === undefined || answer === undefined) {
      // It hangs, or has died. The next one is ready when the user presses Tab again.
      void stop().then(() => prepare(isDrawing))
      const {start, matches} = await findPlainMatches(request, {env, syntax})
      return toCompletions(start, matches, false)
    }
    const {start, matches} = prepared.shell.readAnswer(answer, request)
    return toCompletions(start, matches, false)
  }

  /** Sends a request after the answer to the one before; not if a newer request has come by then. */
  const askNext = (request: CompletionRequest, isDrawing: () => boolean): Asked => {
    const before = asked?.answer
    const next: Asked = {request, answer: Promise.resolve(NO_COMPLETIONS), answeredAt: undefined}
    const answer = async () => {
      await before
      if (asked !== next) return NO_COMPLETIONS
      // The system may have no descriptor left.
      const found = await ask(request, isDrawing).catch(() => NO_COMPLETIONS)
      next.answeredAt = performance.now()
      return found
    }
    next.answer = answer()
    return next
  }

  return {
    get isReporting() {
      return side?.state.isPrinting ?? false
    },
    expect: () => side?.state.watch(),
    async complete(text, {cwd, isDrawing}) {
      const from = Math.max(0, text.length - MAX_TEXT)
      const before = text.slice(from)
      const words = readDraft(before)
      if (words.isComment || isClosed) return NO_COMPLETIONS
      const request = {...words, text: before, cwd}
      const shift = ({start, ...rest}: Completions): Completions => ({start: start + from, ...rest})
      const plain = {env, syntax}
      if (side === undefined) {
        const {start, matches} = await findPlainMatches(request, plain)
        return shift(toCompletions(start, matches, false))
      }
      side.state.watch()
      if (asked === undefined || !isFor(asked, request)) asked = askNext(request, isDrawing)
      const late = new AbortController()
      const answer = await Promise.race([
        asked.answer,
        delay(ANSWER_MS, 'late' as const, {signal: late.signal}).catch(() => 'late' as const),
      ])
      late.abort()
      if (answer !== 'late') return shift(answer)
      const {start, matches} = await findPaths(request, plain)
      return shift(toCompletions(start, matches, true))
    },
    async close() {
      isClosed = true
      side?.state.close()
      await stop()
      if (folder !== undefined) rmSync(folder, {recursive: true, force: true})
    },
  }
}

function makeFolder(temporary: string): string {
  mkdirSync(temporary, {recursive: true, mode: 0o700})
  return mkdtempSync(join(temporary, 'complete-'))
}

/** Whether this request was asked, and its answer is not too old. */
function isFor({request, answeredAt}: Asked, {text, cwd}: CompletionRequest): boolean {
  if (request.text !== text || request.cwd !== cwd) return false
  return answeredAt === undefined || performance.now() - answeredAt < FRESH_MS
}
