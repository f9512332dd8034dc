import {isForeground, type ProcessFacts} from './process-facts.ts'

export interface PromptWatchOptions {
  /** What the system says about the shell; undefined if it says nothing. */
  facts(): ProcessFacts | undefined
  /** The shell has drawn its prompt, and waits. */
  onDrawn(): void
}

/** Looks for the moment in which a shell has drawn its prompt. Costs nothing when it has. */
export interface PromptWatch {
  /** It may be drawing; said again while it is looked for, it changes nothing. */
  begin(): void
  /** It has printed something. */
  note(): void
  end(): void
}

const LOOK_MS = 10
/** A shell that waits, and has printed nothing for so long, has drawn. */
const QUIET_MS = 20
/** The same where it is not known whether it waits. */
const LONG_QUIET_MS = 100
/** Something in the background may print without a pause. A shell that was seen to wait so often, and did no work, draws nothing. */
const LOOKS = 3

export function createPromptWatch({facts, onDrawn}: PromptWatchOptions): PromptWatch {
  let reading: NodeJS.Immediate | undefined
  let looking: NodeJS.Timeout | undefined
  let printedAt = 0
  /** Since when it has printed nothing, as the last look found it drawn. */
  let drawnSince: number | undefined
  let idle = {ticks: -1, looks: 0}

  /** What the shell has printed so far is read before that. */
  function lookLater(): void {
    reading = setImmediate(() => {
      reading = undefined
      looking = setTimeout(look, LOOK_MS)
    })
  }

  function look(): void {
    looking = undefined
    const found = facts()
    const quietMs = performance.now() - printedAt
    const isDrawn = found === undefined ? quietMs >= LONG_QUIET_MS : isWaiting(found) && quietMs >= QUIET_MS
    // Whoever was held up may look before it reads: the first look alone says nothing.
    if (isDrawn && drawnSince === printedAt) return onDrawn()
    drawnSince = isDrawn ? printedAt : undefined
    const isIdle = found !== undefined && isWaiting(found)
    idle = {ticks: found?.ticks ?? -1, looks: isIdle && found.ticks === idle.ticks ? idle.looks + 1 : 0}
    if (idle.looks >= LOOKS) onDrawn()
    else lookLater()
  }

  function end(): void {
    clearImmediate(reading)
    clearTimeout(looking)
    reading = looking = undefined
  }

  return {
    begin() {
      if (reading !== undefined || looking !== undefined) return
      printedAt = performance.now()
      drawnSince = undefined
      idle = {ticks: -1, looks: 0}
      lookLater()
    },
    note: () => void (printedAt = performance.now()),
    end,
  }
}

function isWaiting(facts: ProcessFacts): boolean {
  return facts.isSleeping && isForeground(facts)
}
