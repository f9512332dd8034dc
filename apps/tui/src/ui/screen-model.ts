import {defaultBindings, type KeyBindings} from '@holdfast/ink-composer'
import type {LoggedEvent, ProgramInput, SessionInfo, SessionState, Viewers} from '@holdfast/protocol'
import type {ColorDepth, OutputView, RenderedPrompt, TerminalSize} from '@holdfast/terminal'

import {createPaint} from '../theme/paint.ts'
import type {Theme} from '../theme/theme.ts'
import {sixteenColors} from '../theme/themes.ts'
import type {Block} from './blocks/block.ts'
import type {Tab} from './live/plan-tabs.ts'
import {createKnownBranch} from './known-branch.ts'
import {shownFolder} from './shown-folder.ts'
import {takeFrame} from './take-frame.ts'
import {createTranscript} from './create-transcript.ts'
import {hasFailedAfter, isAttachedAfter, type ScreenSnapshot} from './screen-snapshot.ts'
import {clearedScreen, type Transcript} from './transcript.ts'

/**
 * Writes finished lines, each once, with `clearedScreen` where the screen is to be cleared, and those below them that may still change:
 * see `OutputView`. `tentative` is `undefined` if more finished lines follow. Returns false if it cannot write now.
 */
export type WriteLines = (finished: string, tentative: string | undefined) => boolean

export interface TakeOptions {
  /** The event happened before the session was opened. @default false */
  isHistory?: boolean
  /** Describes the session while it is being opened. @default that of the session */
  info?: SessionInfo
}

/** The open question of an agent, as the terminal shows it. */
export interface ShownQuestion {
  /** The id of the question. */
  id: string
  /** All of its choices are shown. */
  isWhole: boolean
}

export interface ScreenModel {
  readonly snapshot: ScreenSnapshot
  /** See `Transcript`. */
  readonly collapsed: Transcript['collapsed']
  /** The question that is on the terminal; `undefined` also while that is with another program, or being resized. */
  readonly shownQuestion: ShownQuestion | undefined
  subscribe(listener: () => void): () => void
  /** A frame with this question was written. */
  setShownQuestion(question: ShownQuestion | undefined): void
  /** Earlier lines are written at once; with `undefined`, lines are held back. */
  setWriter(write: WriteLines | undefined): void
  takeEvent(event: LoggedEvent, session: SessionState | undefined, options?: TakeOptions): void
  setSession(session: SessionState): void
  /** The next events belong to another session. */
  leaveSession(): void
  setStatus(status: ScreenSnapshot['status']): void
  setInput(input: ProgramInput | undefined): void
  setOffer(offer: ScreenSnapshot['offer']): void
  setStopping(promptId: string): void
  setViewers(viewers: Viewers | undefined): void
  setReadOnly(isReadOnly: boolean): void
  /** The git branch of the folder is being read. `reading` never rejects. */
  readBranch(folder: string, reading: Promise<string | undefined>): void
  setShellPrompt(prompt: RenderedPrompt): void
  setTabs(tabs: readonly Tab[] | undefined): void
  addUnsent(promptId: string, text: string): void
  removeUnsent(promptId: string): void
  /** `forMs`: how long the notice is shown. @default until the next one */
  setNotice(notice: string | undefined, options?: {forMs?: number}): void
  /** Adds a block that is not part of the session. */
  addBlock(block: Block): void
  /** Draws all that follows in this theme. */
  setTheme(theme: Theme): void
  /** The tentative lines cannot be erased any more: counts them as finished. */
  keepLines(): void
  /** The terminal was resized; the snapshot changes at once. */
  resize(size: TerminalSize): void
  /** Writes all output now, finished or not. */
  flush(): void
  /** Writes all finished lines now. */
  writeLines(): void
  /** See `Transcript`. */
  handOver: Transcript['handOver']
  takeBack: Transcript['takeBack']
}

export interface ScreenModelOptions {
  size: TerminalSize
  depth: ColorDepth
  /** @default the 16 colours of the terminal */
  theme?: Theme
  machine?: string | undefined
  /** @default each action has its default keys */
  bindings?: KeyBindings
}

/** The time between two frames, ms: 30 frames a second. */
const frameMs = 33

/** What happens in a session before its first prompt, and writes nothing. */
const startTypes: ReadonlySet<LoggedEvent['type']> = new Set([
  'session.info',
  'agent.session',
  'agent.settings',
  'agent.ready',
  'agent.usage',
])

/** A session as the screen shows it: finished lines go to the writer, all else is in the snapshot. */
export function createScreenModel({
  size,
  depth,
  theme = sixteenColors,
  machine,
  bindings = defaultBindings,
}: ScreenModelOptions): ScreenModel {
  let snapshot: ScreenSnapshot = {
    size,
    paint: createPaint(theme, depth),
    bindings,
    machine,
    session: undefined,
    status: {kind: 'starting'},
    isAttached: false,
    unsent: [],
    notice: undefined,
    isEmpty: true,
  }
  let write: WriteLines | undefined
  let shownQuestion: ShownQuestion | undefined
  let finished: readonly string[] = []
  /** Some of them wait for the next frame. */
  let isBehind = false
  let isHistory = false
  let timer: NodeJS.Timeout | undefined
  let noticeTimer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()

  const change = (changes: Partial<ScreenSnapshot> = {}) => {
    snapshot = {...snapshot, ...changes}
    timer ??= setTimeout(draw, frameMs)
  }
  const knownBranch = createKnownBranch({
    onRead(branch) {
      if (branch !== snapshot.branch) change({branch})
    },
  })
  const transcript = createTranscript({
    size,
    depth,
    paint: () => snapshot.paint,
    bindings,
    showFolder: (folder) => shownFolder(machine, folder),
    place({cwd: folder}) {
      const branch = isHistory ? undefined : knownBranch.at(folder)
      return branch instanceof Promise ? branch.then((read) => ({folder, branch: read})) : {folder, branch}
    },
    onChange: () => change(),
  })

  const draw = () => {
    clearTimeout(timer)
    timer = undefined
    writeFrame(snapshot.size)
    const view = transcript.view()
    // Rows are drawn below the lines before them, never below a gap.
    snapshot = {
      ...snapshot,
      output: isBehind && view !== undefined ? withoutRows(view) : view,
      activity: isBehind ? undefined : transcript.activity(),
    }
    notify()
  }
  const notify = () => {
    for (const listener of listeners) listener()
  }
  const writeFrame = (frame: TerminalSize) => {
    if (write === undefined) return
    const taken = transcript.takeLines()
    finished = [...finished, ...(isHistory ? taken.filter((line) => line !== clearedScreen) : taken)]
    const {now, later} = takeFrame(finished, frame, {isHistory})
    const tentative = later.length > 0 ? undefined : joinLines(transcript.view()?.tentative ?? [])
    if (!write(joinLines(now), tentative)) return
    finished = later
    isBehind = later.length > 0
    if (isBehind) change()
  }

  return {
    get snapshot() {
      return snapshot
    },
    get collapsed() {
      return transcript.collapsed
    },
    get shownQuestion() {
      return write === undefined ? undefined : shownQuestion
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setShownQuestion(next) {
      const isSame = next?.id === shownQuestion?.id && next?.isWhole === shownQuestion?.isWhole
      shownQuestion = next
      // Not while the frame is still being written.
      if (!isSame) queueMicrotask(notify)
    },
    setWriter(next) {
      write = next
      // What stands on the terminal is of another size, or of another program.
      if (next === undefined) shownQuestion = undefined
      change()
    },
    takeEvent(event, session, options = {}) {
      isHistory = options.isHistory ?? false
      if (event.type === 'draft.updated') {
        // The composer shows the draft already: a frame would delay the next key.
        if (session !== undefined) snapshot = {...snapshot, session}
        return
      }
      transcript.takeEvent(event, options.info ?? session?.info)
      if (event.type === 'message.complete') knownBranch.commandEnded()
      change({
        isEmpty: snapshot.isEmpty === true && startTypes.has(event.type),
        isAttached: isAttachedAfter(event, snapshot.isAttached ?? false),
        hasFailed: hasFailedAfter(event, snapshot.hasFailed ?? false),
        ...(session === undefined ? {} : {session}),
      })
      if (event.type === 'prompt.queued') this.removeUnsent(event.payload.prompt_id)
    },
    setSession: (session) => change({session}),
    leaveSession() {
      const {session} = snapshot
      if (session !== undefined)
        transcript.leave({kind: 'left', title: session.info.title, isClosed: session.closed !== null})
      knownBranch.forget()
      change({
        session: undefined,
        status: {kind: 'starting'},
        input: undefined,
        isAttached: false,
        viewers: undefined,
        branch: undefined,
        shellPrompt: undefined,
      })
    },
    setStatus: (status) => change({status}),
    setInput: (input) => change({input}),
    setOffer(offer) {
      if (offer !== snapshot.offer) change({offer})
    },
    setStopping: (stopping) => change({stopping}),
    setViewers: (viewers) => change({viewers}),
    setReadOnly(isReadOnly) {
      if (isReadOnly !== (snapshot.isReadOnly ?? false)) change({isReadOnly})
    },
    setShellPrompt: (shellPrompt) => change({shellPrompt}),
    readBranch: knownBranch.read,
    setTabs(tabs) {
      // Sessions change more often than what the line shows of them.
      if (JSON.stringify(tabs) !== JSON.stringify(snapshot.tabs)) change({tabs})
    },
    addUnsent: (promptId, text) => change({unsent: [...snapshot.unsent, {promptId, text}]}),
    removeUnsent: (promptId) => change({unsent: snapshot.unsent.filter((prompt) => prompt.promptId !== promptId)}),
    setNotice(notice, {forMs} = {}) {
      clearTimeout(noticeTimer)
      if (forMs !== undefined) noticeTimer = setTimeout(() => change({notice: undefined}), forMs)
      change({notice})
    },
    addBlock(block) {
      // Expanded output is history.
      isHistory ||= block.kind === 'lines'
      change({isEmpty: false})
      transcript.add(block)
    },
    setTheme: (next) => change({paint: createPaint(next, depth)}),
    keepLines: () => transcript.finishLines(),
    resize(next) {
      transcript.resize(next)
      snapshot = {...snapshot, size: next}
      draw()
    },
    flush() {
      transcript.finishRows()
      this.writeLines()
    },
    writeLines: () => writeFrame({cols: Infinity, rows: Infinity}),
    handOver: transcript.handOver,
    takeBack: transcript.takeBack,
  }
}

function withoutRows({isFullScreen}: OutputView): OutputView {
  return {tentative: [], rows: [], collapsedLines: 0, isFullScreen, dropRows() {}}
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
