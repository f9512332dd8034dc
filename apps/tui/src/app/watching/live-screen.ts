import {setTimeout as delay} from 'node:timers/promises'

import type {ScreenSnapshot} from '@holdfast/protocol'

/** The screen of one session at a time, as it changes. */
export interface LiveScreen {
  /**
   * Follows the screen of this session from now on. `seq`: of its last event, while something runs in it. Where that turns out to have no
   * screen, it is asked again when there is another event.
   */
  follow(sessionId: string | undefined, seq: number | undefined): void
  /** The last snapshot of the followed session; `undefined`: none has come yet, or no program runs. */
  readonly shown: ScreenSnapshot | undefined
  stop(): void
}

export interface LiveScreenOptions {
  /** Answers with the screen when it is not that of this version any more, or after a while. Rejects where no program runs. */
  read: (sessionId: string, after: number | undefined) => Promise<ScreenSnapshot>
  onChange: () => void
  /** Between two requests, ms: of a flood, as many screens are read as an eye can follow. @default 80 */
  paceMs?: number
}

/** Requests at once: those for sessions that were followed before may wait for output for 20 s. */
const maxPending = 16

export function createLiveScreen({read, onChange, paceMs = 80}: LiveScreenOptions): LiveScreen {
  let followed: string | undefined
  let isReading = false
  let askedAt: number | undefined
  let shown: ScreenSnapshot | undefined
  /** Counts what is followed: a loop for what was followed before ends. */
  let turn = 0
  const pending = new Set<Promise<unknown>>()

  const ask = async (sessionId: string, after: number | undefined) => {
    const answer = read(sessionId, after).catch(() => undefined)
    pending.add(answer)
    const screen = await answer
    pending.delete(answer)
    return screen
  }
  const readOn = async (sessionId: string, mine: number) => {
    const isCurrent = () => mine === turn
    let after: number | undefined
    while (isCurrent()) {
      // While the user walks through the list, not every screen is asked for.
      await delay(paceMs)
      while (pending.size >= maxPending && isCurrent()) await Promise.race(pending)
      if (!isCurrent()) return
      const screen = await ask(sessionId, after)
      if (!isCurrent()) return
      const isNew = screen?.version !== after
      after = screen?.version
      shown = screen
      if (screen === undefined) isReading = false
      if (isNew || screen === undefined) onChange()
      if (screen === undefined) return
    }
  }
  return {
    get shown() {
      return shown
    },
    follow(sessionId, seq) {
      if (sessionId === followed && (isReading || seq === undefined || seq === askedAt)) return
      if (sessionId !== followed) shown = undefined
      followed = sessionId
      askedAt = seq
      turn++
      isReading = sessionId !== undefined && seq !== undefined
      if (sessionId !== undefined && seq !== undefined) void readOn(sessionId, turn)
    },
    stop() {
      turn++
    },
  }
}
