import {MAX_UNFINISHED_BYTES, MAX_UNREAD_BYTES} from './limits.ts'

/** Bounds the bytes that the connections which share it hold together. */
export interface PeerBudget {
  /** Adds a connection. `onExceeded` must end it: it is the one to give up. */
  add(onExceeded: (message: string) => void): BudgetedPeer
}

export interface BudgetedPeer {
  /** Sets the bytes that the connection holds. */
  hold(bytes: number): void
  /** The connection has ended, and holds nothing any more. */
  remove(): void
}

/** A connection that holds bytes. */
export interface Holder {
  readonly bytes: number
  /** The place of this connection in the order in which they began to hold bytes. */
  readonly began: number
}

/**
 * The connection to give up, if all of them together hold more than `maxBytes`: the one that began first, as its peer seems to
 * stall. Those that hold much less than the average are left alone: they would free nothing.
 */
export function chooseToGiveUp<Held extends Holder>(holders: readonly Held[], maxBytes: number): Held | undefined {
  const total = holders.reduce((sum, {bytes}) => sum + bytes, 0)
  if (total <= maxBytes) return undefined
  const large = holders.filter(({bytes}) => 4 * bytes * holders.length >= total)
  return large.reduce((first, holder) => (holder.began < first.began ? holder : first))
}

/** Bounds the messages that have arrived in part. @param maxBytes of all connections together; default 64 MiB */
export function createReadBudget(maxBytes: number = MAX_UNFINISHED_BYTES): PeerBudget {
  const why = `was given up: those of all peers together may have ${maxBytes}`
  return createBudget(maxBytes, (bytes) => `its unfinished message of ${bytes} bytes ${why}`)
}

/** Bounds the messages that wait for their peers to read. @param maxBytes of all connections together; default 128 MiB */
export function createWriteBudget(maxBytes: number = MAX_UNREAD_BYTES): PeerBudget {
  return createBudget(maxBytes, (bytes) => `it left ${bytes} bytes unread: all peers together may leave ${maxBytes}`)
}

function createBudget(maxBytes: number, describe: (bytes: number) => string): PeerBudget {
  const holders = new Set<Holder & {bytes: number; giveUp(): void}>()
  let began = 0
  let total = 0
  return {
    add(onExceeded) {
      let mine: (Holder & {bytes: number; giveUp(): void}) | undefined
      let isRemoved = false
      const set = (bytes: number) => {
        total += bytes - (mine?.bytes ?? 0)
        if (bytes === 0) {
          if (mine) holders.delete(mine)
          mine = undefined
        } else if (mine) mine.bytes = bytes
        else holders.add((mine = {bytes, began: ++began, giveUp}))
      }
      const remove = () => {
        set(0)
        isRemoved = true
      }
      const giveUp = () => {
        const message = describe(mine!.bytes)
        remove()
        onExceeded(message)
      }
      return {
        hold(bytes) {
          if (isRemoved) return
          set(bytes)
          // Nearly always, all of them fit.
          while (total > maxBytes) chooseToGiveUp([...holders], maxBytes)!.giveUp()
        },
        remove,
      }
    },
  }
}
