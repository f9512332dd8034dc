import {MAX_UNFINISHED_BYTES} from './limits.ts'

/** Bounds the memory of messages that have arrived in part, over the connections that share it. */
export interface ReadBudget {
  /** Adds a connection. `onExceeded` must end it: its unfinished message is the one to give up. */
  add(onExceeded: (message: string) => void): BudgetedReader
}

export interface BudgetedReader {
  /** Sets the bytes that the connection holds of an unfinished message. */
  hold(bytes: number): void
  /** The connection holds nothing any more. */
  remove(): void
}

/** A connection with an unfinished message. */
export interface UnfinishedMessage {
  readonly bytes: number
  /** The place of this message in the order in which the messages began. */
  readonly began: number
}

/**
 * The message to give up, if all of them together have more than `maxBytes`: the one that began first, as its peer seems to
 * stall. Messages much smaller than the average are left alone: they would free nothing.
 */
export function chooseToGiveUp<Message extends UnfinishedMessage>(
  messages: readonly Message[],
  maxBytes: number,
): Message | undefined {
  const total = messages.reduce((sum, {bytes}) => sum + bytes, 0)
  if (total <= maxBytes) return undefined
  const large = messages.filter(({bytes}) => 4 * bytes * messages.length >= total)
  return large.reduce((first, message) => (message.began < first.began ? message : first))
}

export function createReadBudget(maxBytes: number = MAX_UNFINISHED_BYTES): ReadBudget {
  const unfinished = new Set<UnfinishedMessage & {bytes: number; onExceeded: (message: string) => void}>()
  let began = 0
  let total = 0
  return {
    add(onExceeded) {
      let mine: (UnfinishedMessage & {bytes: number; onExceeded: typeof onExceeded}) | undefined
      const hold = (bytes: number) => {
        total += bytes - (mine?.bytes ?? 0)
        if (bytes === 0) {
          if (mine) unfinished.delete(mine)
          mine = undefined
        } else if (mine) mine.bytes = bytes
        else unfinished.add((mine = {bytes, began: ++began, onExceeded}))
        // Most calls end here: only a few messages arrive in more than one piece.
        if (total <= maxBytes) return
        const last = chooseToGiveUp([...unfinished], maxBytes)
        last?.onExceeded(
          `its unfinished message of ${last.bytes} bytes was given up: those of all peers together may have ${maxBytes}`,
        )
      }
      return {hold, remove: () => hold(0)}
    },
  }
}
