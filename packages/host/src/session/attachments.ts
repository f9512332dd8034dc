import {errorCodes, maxScrollback} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import type {Size} from '@holdfast/shell'
import {createNormalScreen, createProgramScreen, type ScreenPart, type Snapshot} from '@holdfast/terminal'

import type {Agent} from '../agent/agent.ts'
import type {DrawnOutput} from '../output/drawn-output.ts'
import {boundSize} from './bound-size.ts'
import {createChangeSignal} from './change-signal.ts'
import type {LogWriter} from './log-writer.ts'
import type {ScreenRecording} from './screen-recording.ts'

/** A client whose terminal is attached to the program. */
export interface AttachedClient {
  /**
   * The screen; later output continues from it. `isWhole: false`: only what is missing on a terminal that has shown the
   * output of the normal screen so far, which is its modes and the alternate screen.
   */
  onPaint(screen: string, options: {isWhole: boolean}): void
  onOutput(data: Uint8Array): void
  /** The attachment or the program has ended: send the output that is still batched. */
  onEnd(): void
}

export interface SnapshotOptions {
  after?: number | undefined
  waitMs?: number | undefined
  /** The most rows above the screen. @default 0 */
  scrollback?: number | undefined
}

/** `isCut`: see `ProgramScreen`. */
export interface ProgramSnapshot extends Snapshot {
  promptId: string
  /** Changes with the output, and with the program. */
  version: number
  isCut: boolean
}

/** Attaches terminals of clients to the running program, one at a time, for `holdfast attach` and the like. */
export interface Attachments {
  /**
   * Attaches the terminal of a client to the running program in place of any other, and resolves to the id of its prompt.
   * The client gets the screen soon after. With `inPlace`, its terminal shows the output of the normal screen up to the
   * event `attach.start`. Rejects with an `RpcError` `notAllowed` if no program is running.
   */
  start(
    id: string,
    size: Size,
    client: AttachedClient,
    options?: {inPlace?: boolean | undefined; by?: string | undefined},
  ): Promise<string>
  /** Sends the whole screen again, to a client that missed output. */
  repaint(id: string): void
  /** Makes the program wait for the client of this attachment, which must miss nothing, or no longer. */
  hold(id: string, isBehind: boolean): void
  /** Detaches. Returns false if that attachment had ended before. */
  end(id: string, reason: 'detached' | 'client-gone'): boolean
  /**
   * What the terminal of the running program shows; with `after`, when its output has gone on after that version, or `waitMs` have
   * passed. Rejects with an `RpcError` `notAllowed` if no program is running.
   */
  snapshot(options?: SnapshotOptions): Promise<ProgramSnapshot>
  /** The version of the screen: see `snapshot`. */
  readonly version: number
  /**
   * A client presses keys: if the recording begins with that, it begins with what the screen shows. A snapshot must have been taken
   * before.
   */
  noteKeys(): void
  /** The id of the current attachment. */
  readonly attached: string | undefined
  /** Of the terminal of the agent. */
  readonly size: Size
}

export interface AttachmentsOptions {
  agent: Pick<Agent, 'resize' | 'suppressReplies'>
  /** Of the terminal of the agent. @default 80 columns and 24 rows */
  size?: Size
  /** Commits an event, or throws. */
  append: LogWriter['append']
  /** Commits an event, at once or later. */
  record: (event: Parameters<LogWriter['append']>[0][number]) => void
  recording: ScreenRecording
  /** Called when the screen model falls behind, so that programs must wait, and when it has caught up. */
  onBehind: (isBehind: boolean) => void
  /** Called when an attached client that must miss nothing falls behind, and when it has caught up or is detached. */
  onHeld: (isHeld: boolean) => void
  /** A monotonic clock, ms. */
  now: () => number
}

export interface SessionAttachments extends Attachments {
  beginPrompt(promptId: string, output: PromptOutput): void
  /** Commits the output of the running prompt so far. */
  flush(): void
  /** Takes output of the prompt, and returns all of it, divided between the two screens. */
  take(data: Uint8Array): readonly ScreenPart[]
  /** The last of what the prompt drew on the alternate screen, which `take` has not returned. */
  takeRest(): Uint8Array
  /** Resolves when an attached client has the rest of the output. */
  endPrompt(): Promise<void>
  /** The log has the end of the prompt. Clients that wait for it look there next. */
  noteEnded(): void
  resize(size: Size): void
}

interface Attachment {
  id: string
  startedAt: number
  client: AttachedClient
  /** While a paint is made: the output since then. */
  pending: Uint8Array[] | undefined
}

interface PromptOutput {
  /** Commits the output so far. The output of an attachment is in the log between its two events. */
  flush: () => void
  /** What it draws on the alternate screen. */
  drawn: DrawnOutput
}

interface RunningPrompt extends PromptOutput {
  id: string
}

const defaultSize = {cols: 80, rows: 24}
const alternateScreen = '\x1b[?1049h'
/** An empty screen for a paint, for a terminal that may show what was drawn before. */
const cleared = '\x1b[m\x1b[2J\x1b[H'

export function createAttachments(options: AttachmentsOptions): SessionAttachments {
  const {agent, append, record, recording, onBehind, onHeld, now} = options
  const screen = createProgramScreen({size: options.size ?? defaultSize, scrollback: maxScrollback, onBehind})
  const changes = createChangeSignal()
  let size: Size = options.size ?? defaultSize
  let normal = createNormalScreen()
  let prompt: RunningPrompt | undefined
  let current: Attachment | undefined
  /** Attachments that wait for the screen model to be loaded. */
  const starting = new Set<{id: string; isEnded: boolean}>()
  /** The paint in progress. */
  let painting: Promise<void> = Promise.resolve()

  const beginPaint = (...painted: Parameters<typeof paint>) => {
    painting = paint(...painted)
  }
  const paint = async (attachment: Attachment, {inPlace = false} = {}) => {
    const pending: Uint8Array[] = []
    attachment.pending = pending
    const painted = await screen.paint({inPlace}).catch(() => undefined)
    // Meanwhile the attachment has ended, or another paint was requested.
    if (current !== attachment || attachment.pending !== pending) return
    // The screen could not be loaded or painted: output must not wait for it without end.
    if (painted === undefined) return finish('not-painted')
    attachment.pending = undefined
    attachment.client.onPaint(painted, {isWhole: !inPlace})
    pending.forEach((data) => attachment.client.onOutput(data))
  }

  const finish = (reason: string) => {
    if (current === undefined || prompt === undefined) return
    const {id, startedAt, client} = current
    current = undefined
    onHeld(false)
    client.onEnd()
    agent.suppressReplies?.(false)
    prompt.flush()
    const payload = {prompt_id: prompt.id, attach_id: id, reason, duration_ms: Math.round(now() - startedAt)}
    record({type: 'attach.end', payload})
  }

  const resize = (next: Size) => {
    const {cols, rows} = size
    size = boundSize(next)
    screen.resize(size)
    agent.resize(size)
    if (prompt === undefined || (size.cols === cols && size.rows === rows)) return
    prompt.flush()
    recording.noteSize(size)
  }
  const paintAlternate = async () => {
    const painted = await screen.paint({inPlace: true}).catch(() => undefined)
    if (painted !== undefined) return Buffer.from(cleared + painted.replace(alternateScreen, ''))
    return undefined
  }

  return {
    get version() {
      return changes.version
    },
    get attached() {
      return current?.id
    },
    async start(id, nextSize, client, {inPlace = false, by} = {}) {
      const running = prompt
      const mine = {id, isEnded: false}
      starting.add(mine)
      if (running !== undefined) await screen.load().catch(() => undefined)
      starting.delete(mine)
      if (mine.isEnded)
        throw new RpcError(errorCodes.notAllowed, 'The terminal was detached before it was attached: attach again')
      if (running === undefined || running !== prompt)
        throw new RpcError(errorCodes.notAllowed, 'No program is running: run a command first')
      const repeated = current?.id === id ? current : undefined
      if (repeated === undefined) {
        finish('taken-over')
        running.flush()
        append([{type: 'attach.start', payload: {prompt_id: running.id, attach_id: id, by}}], false)
        agent.suppressReplies?.(true)
      }
      const isInPlace = inPlace && repeated === undefined
      current = {id, startedAt: repeated?.startedAt ?? now(), client, pending: undefined}
      beginPaint(current, {inPlace: isInPlace})
      // The screen model lacks old output; a change of size makes most programs draw everything again.
      if (screen.isCut && !(isInPlace && !normal.isAlternate))
        resize({...nextSize, rows: Math.max(1, nextSize.rows - 1)})
      resize(nextSize)
      return running.id
    },
    repaint(id) {
      if (current?.id === id) beginPaint(current)
    },
    hold(id, isBehind) {
      if (current?.id === id) onHeld(isBehind)
    },
    end(id, reason) {
      // A client that detaches as it attaches again sends both at once.
      for (const each of starting) each.isEnded ||= each.id === id
      if (current?.id !== id) return false
      finish(reason)
      return true
    },

    async snapshot({after, waitMs = 0, scrollback = 0} = {}) {
      if (after !== undefined) await changes.after(after, waitMs)
      const running = prompt
      const {version} = changes
      // It rejects where the program ends meanwhile.
      const read = async () => {
        await screen.load()
        return await screen.snapshot({scrollback})
      }
      const shown = running === undefined ? undefined : await read().catch(() => undefined)
      if (running === undefined || shown === undefined)
        throw new RpcError(errorCodes.notAllowed, 'No program is running: run a command first')
      return {...shown, promptId: running.id, version, isCut: screen.isCut}
    },

    get size() {
      return size
    },
    beginPrompt(id, output) {
      prompt = {id, ...output}
      changes.note()
      normal = createNormalScreen()
      screen.clear()
      screen.resize(size)
    },
    flush: () => prompt?.flush(),
    take(data) {
      screen.write(data)
      changes.note()
      if (current?.pending === undefined) current?.client.onOutput(data)
      else current.pending.push(data)
      const wasAlternate = normal.isAlternate
      const parts = normal.split(data)
      // A screen is about to attach: it need not wait for this then.
      if (normal.isAlternate && !wasAlternate) void screen.load().catch(() => undefined)
      return parts
    },
    takeRest: () => normal.rest(),
    noteKeys() {
      if (prompt === undefined || !recording.noteKeys()) return
      prompt.flush()
      recording.noteSize(size)
      if (normal.isAlternate) prompt.drawn.beginWith(paintAlternate())
    },
    async endPrompt() {
      for (let last: unknown; last !== painting;) await (last = painting)
      finish('program-ended')
      prompt = undefined
      screen.clear()
    },
    noteEnded: changes.note,
    resize,
  }
}
