export interface WithheldWatchOptions {
  /** Whether output is withheld that more output may explain. */
  isWithheld(): boolean
  /** Whether the terminal is not read at the moment. */
  isPaused(): boolean
  release(): void
}

/** Releases withheld output when nothing has followed it for a while. */
export interface WithheldWatch {
  /** The terminal has printed something. */
  note(): void
  close(): void
}

/** A shell writes a marker at once, so that its rest is already there, except on a machine that hangs. */
const RELEASE_MS = 250

export function createWithheldWatch({isWithheld, isPaused, release}: WithheldWatchOptions): WithheldWatch {
  let timer: NodeJS.Timeout | undefined
  let reading: NodeJS.Immediate | undefined

  function note(): void {
    close()
    if (isWithheld()) timer = setTimeout(check, RELEASE_MS)
  }

  /** After a delay of this process, output may wait to be read: that comes first. */
  function check(): void {
    reading = setImmediate(() => (isPaused() ? note() : release()))
  }

  function close(): void {
    clearTimeout(timer)
    clearImmediate(reading)
  }

  return {note, close}
}
