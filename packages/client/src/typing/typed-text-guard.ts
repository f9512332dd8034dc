import type {ClientSession} from '../client-session.ts'

export interface TypedTextGuardOptions {
  session: () => Pick<ClientSession, 'state' | 'status' | 'hiddenAt' | 'look'> | undefined
  /** Called before each look; what it returns is called where the text was shown while it was typed. */
  snapshot: () => () => void
}

/**
 * Keeps a password out of drafts and prompts if the user begins to type it before the screen knows that the program hides it.
 * While the user types and a program runs, asks the host whether the echo is on. `hiddenAt` is the host's value from when the
 * text was begun: the host refuses the text if it has seen the echo off since.
 */
export interface TypedTextGuard {
  /** The shown line has this text now. */
  typed(text: string): void
  /** The condition for the text that is typed now; see `ClientSession.submit`. */
  readonly hiddenAt: number | undefined
}

/** Pauses between two looks, ms. */
const pauseMs = 200

export function createTypedTextGuard({session, snapshot}: TypedTextGuardOptions): TypedTextGuard {
  let hiddenAt: number | undefined
  /** `hiddenAt` is of this session. */
  let known: ReturnType<typeof session>
  let isNew = true
  let isLooking = false
  let isTypedSince = false

  const look = async () => {
    const open = session()
    if (open?.state.running == null || open.status.kind !== 'live') return
    if (isLooking) return void (isTypedSince = true)
    isLooking = true
    isTypedSince = false
    const vouch = snapshot()
    const before = open.hiddenAt
    // Without an answer the text stays unchecked; the host checks it again when it is submitted.
    const input = await open.look().catch(() => undefined)
    if (input !== undefined && input !== 'hidden' && open.hiddenAt === before) vouch()
    setTimeout(() => {
      isLooking = false
      if (isTypedSince) void look()
    }, pauseMs)
  }

  return {
    typed(text) {
      if (text === '') return void (isNew = true)
      const open = session()
      // What another session has asked, or this one before it was open, says nothing about this text.
      if (isNew || open !== known) hiddenAt = open?.hiddenAt
      known = open
      isNew = false
      void look()
    },
    get hiddenAt() {
      const open = session()
      return isNew || open !== known ? open?.hiddenAt : hiddenAt
    },
  }
}
