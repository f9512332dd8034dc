import type {SessionStatus} from '@holdfast/client'
import type {Activity, SessionEvent, SessionState, UnknownEvent} from '@holdfast/protocol'
import type {ColorDepth, TerminalSize, OutputView} from '@holdfast/terminal'

import type {Block} from './blocks/block.ts'
import {takeFrame} from './take-frame.ts'
import {createTranscript, type CollapsedRun} from './transcript.ts'

/** What the live part of the screen shows. A new object for each change. */
export interface ScreenSnapshot {
  /** Of the terminal. */
  size: TerminalSize
  session: SessionState | undefined
  status: SessionStatus | {kind: 'starting'}
  /** What runs seems to wait for input. */
  isAsking?: boolean
  /** The terminal of a client is in the hands of what runs: of another one, as ours shows nothing then. */
  isAttached?: boolean
  /** The git branch of the session's folder, where it is known. */
  branch?: string | undefined
  /** What the running program shows, and may still change. */
  output?: OutputView | undefined
  /** Prompts that were entered, and are not known to be committed. */
  unsent: readonly {promptId: string; text: string}[]
  notice: string | undefined
}

export interface ScreenModel {
  readonly snapshot: ScreenSnapshot
  /** The last run of which lines were folded. */
  readonly folded: CollapsedRun | undefined
  subscribe(listener: () => void): () => void
  /**
   * Where finished lines go, once and for good. What came before is given at once; `undefined` holds all that comes until
   * there is a writer again.
   */
  setWriter(write: ((text: string) => void) | undefined): void
  /** `isHistory`: it has happened before the session was opened. @default false */
  takeEvent(event: SessionEvent | UnknownEvent, session: SessionState | undefined, isHistory?: boolean): void
  setSession(session: SessionState): void
  /** What comes next is of another session. */
  leaveSession(): void
  setStatus(status: ScreenSnapshot['status']): void
  /** What the program that runs seems to be doing. */
  setActivity(activity: Activity | undefined): void
  setBranch(branch: string | undefined): void
  addUnsent(promptId: string, text: string): void
  removeUnsent(promptId: string): void
  /** `forMs`: as long as it holds; another notice may come before. @default until the next one */
  setNotice(notice: string | undefined, options?: {forMs?: number}): void
  /** A block of ours between those of the session. */
  addBlock(block: Block): void
  /** Rows of the running output before the one of this number were moved to the scrollback by the terminal. */
  dropRows(number: number): void
  /** The terminal has another size; the snapshot has it at once. */
  resize(size: TerminalSize): void
  /** Writes all that there is, now, as nothing will change any more. */
  flush(): void
}

export interface ScreenModelOptions {
  /** Of the terminal. */
  size: TerminalSize
  depth: ColorDepth
}

/** Lines and changes are gathered for so long, ms: 30 frames a second. */
const frameMs = 33

/** What there is to see of a session: finished lines go out through the writer, the rest is in the snapshot. */
export function createScreenModel({size, depth}: ScreenModelOptions): ScreenModel {
  let snapshot: ScreenSnapshot = {
    size,
    session: undefined,
    status: {kind: 'starting'},
    isAsking: false,
    isAttached: false,
    unsent: [],
    notice: undefined,
  }
  let write: ((text: string) => void) | undefined
  let finished: readonly string[] = []
  let isHistory = false
  let timer: NodeJS.Timeout | undefined
  let noticeTimer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()

  const change = (changes: Partial<ScreenSnapshot> = {}) => {
    snapshot = {...snapshot, ...changes}
    timer ??= setTimeout(draw, frameMs)
  }
  const transcript = createTranscript({size, depth, onChange: () => change()})

  const draw = () => {
    clearTimeout(timer)
    timer = undefined
    writeFrame(snapshot.size)
    snapshot = {...snapshot, output: transcript.view()}
    for (const listener of listeners) listener()
  }
  const writeFrame = (frame: TerminalSize) => {
    if (write === undefined) return
    const {now, later} = takeFrame([...finished, ...transcript.takeLines()], frame, {isHistory})
    finished = later
    if (now.length > 0) write(now.map((line) => `${line}\n`).join(''))
    if (later.length > 0) change()
  }

  return {
    get snapshot() {
      return snapshot
    },
    get folded() {
      return transcript.folded
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setWriter(next) {
      write = next
      change()
    },
    takeEvent(event, session, isHistoric = false) {
      isHistory = isHistoric
      if (event.type === 'draft.updated') {
        // What is written is on the screen already; a frame for it would hold up the next key.
        if (session !== undefined) snapshot = {...snapshot, session}
        return
      }
      transcript.takeEvent(event, session)
      change({
        isAttached: isAttachedAfter(event, snapshot.isAttached ?? false),
        ...(session === undefined ? {} : {session}),
      })
      if (event.type === 'prompt.queued') this.removeUnsent(event.payload.prompt_id)
    },
    setSession: (session) => change({session}),
    leaveSession() {
      const {session} = snapshot
      if (session !== undefined)
        transcript.leave({kind: 'left', title: session.info.title, isClosed: session.closed !== null})
      change({session: undefined, status: {kind: 'starting'}, isAsking: false, isAttached: false, branch: undefined})
    },
    setStatus: (status) => change({status}),
    setActivity: (activity) => change({isAsking: activity?.state === 'waiting-for-input'}),
    setBranch(branch) {
      if (branch !== snapshot.branch) change({branch})
    },
    addUnsent: (promptId, text) => change({unsent: [...snapshot.unsent, {promptId, text}]}),
    removeUnsent: (promptId) => change({unsent: snapshot.unsent.filter((prompt) => prompt.promptId !== promptId)}),
    setNotice(notice, {forMs} = {}) {
      clearTimeout(noticeTimer)
      if (forMs !== undefined) noticeTimer = setTimeout(() => change({notice: undefined}), forMs)
      change({notice})
    },
    addBlock(block) {
      // What was folded is asked for as a whole: it has happened before.
      isHistory ||= block.kind === 'lines'
      transcript.add(block)
    },
    dropRows: (number) => transcript.dropRows(number),
    resize(next) {
      transcript.resize(next)
      snapshot = {...snapshot, size: next}
      draw()
    },
    flush() {
      transcript.finishRows()
      writeFrame({cols: Infinity, rows: Infinity})
    },
  }
}

/** Whether a terminal is attached after an event, if one was before. Pure. */
function isAttachedAfter(event: SessionEvent | UnknownEvent, before: boolean): boolean {
  if (event.type === 'attach.start') return true
  // Where a host died with it, only the end of the run is told.
  return before && event.type !== 'attach.end' && event.type !== 'message.complete'
}
