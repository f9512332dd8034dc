import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {createProgramScreen} from '@holdfast/terminal'

import type {Agent, Size} from '../agent/agent.ts'
import type {LogWriter} from '../session/log-writer.ts'

/** A client whose terminal is at the program. */
export interface AttachedClient {
  /** The whole screen; what `onOutput` gives goes on from there. */
  onPaint(screen: string): void
  onOutput(data: Uint8Array): void
  /** It was let go, or the program has ended: what waits is to be sent. */
  onEnd(): void
}

/** `holdfast attach` and the like: whose terminal is at the program that runs. One client's at a time. */
export interface Attachments {
  /**
   * Hands the terminal of a client to the program that runs, and gives the id of its prompt; the client gets the screen
   * soon after. Whose terminal was there before is let go. Throws an `RpcError` `notAllowed` where nothing runs.
   */
  start(id: string, size: Size, client: AttachedClient): string
  /** The client has missed something: it gets the whole screen again. */
  repaint(id: string): void
  /** False: that was over already. */
  end(id: string, reason: 'detached' | 'client-gone'): boolean
  /** Whose terminal is there. */
  readonly attached: string | undefined
}

export interface AttachmentsOptions {
  agent: Pick<Agent, 'resize' | 'holdAnswers'>
  /** Commits, or throws. */
  append: LogWriter['append']
  /** Commits, at once or later. */
  record: (event: Parameters<LogWriter['append']>[0][number]) => void
  /** The model of the screen does not keep up: programs are to wait. */
  onBehind: (isBehind: boolean) => void
  /** ms */
  now: () => number
}

export interface SessionAttachments extends Attachments {
  /** A prompt begins to run. */
  beginPrompt(promptId: string): void
  /** What it prints. True: it is shown to the client that is attached, and not to be kept. */
  take(data: Uint8Array): boolean
  /** It has ended. */
  endPrompt(): void
  resize(size: Size): void
}

interface Attachment {
  id: string
  startedAt: number
  client: AttachedClient
  /** What was printed since the moment of a paint that is not there yet; before that moment, it is in the paint. */
  held: Uint8Array[] | 'in-paint' | undefined
}

const heldOf = (attachment: Attachment): Attachment['held'] => attachment.held

const defaultSize = {cols: 80, rows: 24}

export function createAttachments(options: AttachmentsOptions): SessionAttachments {
  const {agent, append, record, onBehind, now} = options
  const screen = createProgramScreen({size: defaultSize, onBehind})
  let size: Size = defaultSize
  let promptId: string | undefined
  let current: Attachment | undefined

  const paintFor = (attachment: Attachment) => {
    paint(attachment).catch(() => {
      // The program is of more worth than a look at it.
      if (current === attachment) finish('not-painted')
    })
  }

  const paint = async (attachment: Attachment) => {
    const held: Uint8Array[] = []
    attachment.held = 'in-paint'
    const painted = await screen.paint(() => (attachment.held = held))
    // It was let go meanwhile, or another paint was asked for.
    if (current !== attachment || heldOf(attachment) !== held) return
    attachment.held = undefined
    attachment.client.onPaint(painted)
    held.forEach((data) => attachment.client.onOutput(data))
  }

  const finish = (reason: string) => {
    if (current === undefined || promptId === undefined) return
    const {id, startedAt, client} = current
    current = undefined
    client.onEnd()
    agent.holdAnswers?.(false)
    const payload = {prompt_id: promptId, attach_id: id, reason, duration_ms: Math.round(now() - startedAt)}
    record({type: 'attach.end', payload})
  }

  const resize = (next: Size) => {
    size = next
    screen.resize(next)
    agent.resize(next)
  }

  return {
    get attached() {
      return current?.id
    },
    start(id, nextSize, client) {
      if (promptId === undefined) throw new RpcError(errorCodes.notAllowed, 'Expected a running program, none runs')
      if (current?.id !== id) {
        finish('taken-over')
        append([{type: 'attach.start', payload: {prompt_id: promptId, attach_id: id}}], false)
        agent.holdAnswers?.(true)
      }
      const isRepeated = current?.id === id
      current = {id, startedAt: isRepeated ? current!.startedAt : now(), client, held: undefined}
      paintFor(current)
      // What cannot be painted, as it is too long ago, a program draws when it sees another size.
      if (screen.isCut) resize({...nextSize, rows: Math.max(1, nextSize.rows - 1)})
      resize(nextSize)
      return promptId
    },
    repaint(id) {
      if (current?.id === id) paintFor(current)
    },
    end(id, reason) {
      if (current?.id !== id) return false
      finish(reason)
      return true
    },

    beginPrompt(id) {
      promptId = id
      screen.clear()
      screen.resize(size)
    },
    take(data) {
      screen.note(data)
      if (current === undefined) return false
      if (current.held === undefined) current.client.onOutput(data)
      else if (current.held !== 'in-paint') current.held.push(data)
      return true
    },
    endPrompt() {
      finish('program-ended')
      promptId = undefined
      screen.clear()
    },
    resize,
  }
}
