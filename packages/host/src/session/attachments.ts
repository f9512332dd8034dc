import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import type {Size} from '@holdfast/shell'
import {createProgramScreen} from '@holdfast/terminal'

import type {Agent} from '../agent/agent.ts'
import {boundSize} from './bound-size.ts'
import type {LogWriter} from './log-writer.ts'

/** A client whose terminal is attached to the program. */
export interface AttachedClient {
  /** The whole screen; later output continues from it. */
  onPaint(screen: string): void
  onOutput(data: Uint8Array): void
  /** The attachment or the program has ended: send the output that is still batched. */
  onEnd(): void
}

/** Attaches terminals of clients to the running program, one at a time, for `holdfast attach` and the like. */
export interface Attachments {
  /**
   * Attaches the terminal of a client to the running program in place of any other, and returns the id of its prompt. The
   * client gets the screen soon after. Throws an `RpcError` `notAllowed` if no program is running.
   */
  start(id: string, size: Size, client: AttachedClient): string
  /** Sends the whole screen again, to a client that missed output. */
  repaint(id: string): void
  /** Detaches. Returns false if that attachment had ended before. */
  end(id: string, reason: 'detached' | 'client-gone'): boolean
  /** The id of the current attachment. */
  readonly attached: string | undefined
}

export interface AttachmentsOptions {
  agent: Pick<Agent, 'resize' | 'suppressReplies'>
  /** Commits an event, or throws. */
  append: LogWriter['append']
  /** Commits an event, at once or later. */
  record: (event: Parameters<LogWriter['append']>[0][number]) => void
  /** Called when the screen model falls behind, so that programs must wait, and when it has caught up. */
  onBehind: (isBehind: boolean) => void
  /** A monotonic clock, ms. */
  now: () => number
}

export interface SessionAttachments extends Attachments {
  beginPrompt(promptId: string): void
  /** Takes output of the prompt. Returns true if an attached client shows it: then the log does not keep it. */
  take(data: Uint8Array): boolean
  endPrompt(): void
  resize(size: Size): void
}

interface Attachment {
  id: string
  startedAt: number
  client: AttachedClient
  /**
   * While a paint is made: `in-paint` until its moment, as the paint will contain that output; then the output since.
   */
  pending: Uint8Array[] | 'in-paint' | undefined
}

/** Reads the field anew: TypeScript does not see that `screen.paint` changes it. */
const pendingOf = (attachment: Attachment): Attachment['pending'] => attachment.pending

const defaultSize = {cols: 80, rows: 24}

export function createAttachments(options: AttachmentsOptions): SessionAttachments {
  const {agent, append, record, onBehind, now} = options
  const screen = createProgramScreen({size: defaultSize, onBehind})
  let size: Size = defaultSize
  let promptId: string | undefined
  let current: Attachment | undefined

  const paintFor = (attachment: Attachment) => {
    paint(attachment).catch(() => {
      // The program runs on without the attachment.
      if (current === attachment) finish('not-painted')
    })
  }

  const paint = async (attachment: Attachment) => {
    const pending: Uint8Array[] = []
    attachment.pending = 'in-paint'
    const painted = await screen.paint(() => (attachment.pending = pending))
    // Meanwhile the attachment has ended, or another paint was requested.
    if (current !== attachment || pendingOf(attachment) !== pending) return
    attachment.pending = undefined
    attachment.client.onPaint(painted)
    pending.forEach((data) => attachment.client.onOutput(data))
  }

  const finish = (reason: string) => {
    if (current === undefined || promptId === undefined) return
    const {id, startedAt, client} = current
    current = undefined
    client.onEnd()
    agent.suppressReplies?.(false)
    const payload = {prompt_id: promptId, attach_id: id, reason, duration_ms: Math.round(now() - startedAt)}
    record({type: 'attach.end', payload})
  }

  const resize = (next: Size) => {
    size = boundSize(next)
    screen.resize(size)
    agent.resize(size)
  }

  return {
    get attached() {
      return current?.id
    },
    start(id, nextSize, client) {
      if (promptId === undefined)
        throw new RpcError(errorCodes.notAllowed, 'No program is running: submit a prompt, then attach')
      if (current?.id !== id) {
        finish('taken-over')
        append([{type: 'attach.start', payload: {prompt_id: promptId, attach_id: id}}], false)
        agent.suppressReplies?.(true)
      }
      const isRepeated = current?.id === id
      current = {id, startedAt: isRepeated ? current!.startedAt : now(), client, pending: undefined}
      paintFor(current)
      // The screen model lacks old output; a change of size makes most programs draw everything again.
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
      screen.write(data)
      if (current === undefined) return false
      if (current.pending === undefined) current.client.onOutput(data)
      else if (current.pending !== 'in-paint') current.pending.push(data)
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
