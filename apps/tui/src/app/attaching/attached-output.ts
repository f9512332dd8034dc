import type {ShownOutput} from './shown-output.ts'

/** Output that a terminal lacks. `unknown`: it needs the whole screen. `over`: the attachment has ended before it began. */
export type Missed = Uint8Array | 'unknown' | 'over'

export interface AttachedOutputOptions {
  /** An attachment with this id starts. Resolves to the output before it that the terminal still lacks. */
  begin: (attachId: string) => Promise<Missed>
  /** Is told what the terminal gets. */
  shown: ShownOutput
  write: (data: Uint8Array) => void
  /** Draws the whole screen. */
  paint: (screen: Uint8Array) => void
  /** Asks for the whole screen. */
  requestRepaint: () => void
}

/** Brings the output of attachments, one after the other, to a terminal, below the lines that are there. */
export interface AttachedOutput {
  /** An attachment with this id starts; the one before it brings no more. */
  start(attachId: string): void
  /** Returns a promise where the output waits for what comes before it. */
  take(data: Uint8Array, options: {isRepaint: boolean}): void | Promise<void>
  /** The terminal gets no more. */
  close(): void
}

interface Started {
  /** Its output, until the terminal has the output before it. */
  waiting: [data: Uint8Array, options: {isRepaint: boolean}][] | undefined
  waitingBytes: number
  /** Resolves when it no longer waits. */
  begun: Promise<void>
  /** The next output is its first one. */
  isAtStart: boolean
}

/** Output that waits; after more, the whole screen is painted instead, bytes. */
const maxWaitingBytes = 1024 * 1024
const clearAlternate = Buffer.from('\x1b[m\x1b[H\x1b[2J')

export function createAttachedOutput(options: AttachedOutputOptions): AttachedOutput {
  const {begin, shown, write, paint, requestRepaint} = options
  let current: Started | undefined
  /** Only the whole screen helps. */
  let needsRepaint = false
  let isClosed = false

  const take: AttachedOutput['take'] = (data, {isRepaint}) => {
    if (isClosed || shown.isEnded || current === undefined) return
    const {waiting} = current
    if (waiting !== undefined) {
      current.waitingBytes += data.length
      if (current.waitingBytes <= maxWaitingBytes) waiting.push([data, {isRepaint}])
      return current.begun
    }
    const isFirst = current.isAtStart && !isRepaint
    current.isAtStart = false
    // The alternate screen is painted on an empty one.
    if (isFirst && shown.isAlternate) write(clearAlternate)
    if (isRepaint) shown.repaint(data)
    else if (isFirst) shown.begin(data)
    else shown.show(data)
    needsRepaint &&= !isRepaint
    if (needsRepaint) return
    if (isRepaint) paint(data)
    else write(data)
  }

  return {
    start(attachId) {
      // What the attachment before it has sent, and the terminal has not got, is in the log: it comes with `begin`.
      const started: Started = {waiting: [], waitingBytes: 0, begun: Promise.resolve(), isAtStart: true}
      current = started
      started.begun = begin(attachId).then((missed) => {
        if (missed === 'over' || isClosed) return
        if (missed === 'unknown') needsRepaint = true
        else write(missed)
        // A later attachment has started: the output of this one that still waits comes with that one's `begin`.
        if (current !== started) return
        const outputs = started.waiting ?? []
        started.waiting = undefined
        needsRepaint ||= started.waitingBytes > maxWaitingBytes
        if (needsRepaint) requestRepaint()
        else for (const output of outputs) void take(...output)
      })
    },
    take,
    close: () => void (isClosed = true),
  }
}
