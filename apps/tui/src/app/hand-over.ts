import {setTimeout as delay} from 'node:timers/promises'

import type {Attachment, AttachmentEnd, ClientSession} from '@holdfast/client'
import {createDetachKeyFinder, trackRestoreSequences} from '@holdfast/terminal'

import {terminalSize} from '../process/terminal-size.ts'

/** This process's terminal, in the hands of a program. */
export interface HandedOver {
  /** How it ended. The terminal is back by then. Rejects with what `attach` rejects with. */
  readonly ended: Promise<AttachmentEnd>
  /** Takes the terminal back at once: this process is about to end. Idempotent. */
  release(): void
}

/** What the terminal itself was about to say, when it was asked by the program, comes within this time, ms. */
const lateAnswersMs = 50
const maxEarlyKeys = 65_536
const alternateScreen = '\x1b[?1049h'
const defaultSize = {cols: 80, rows: 24}

/**
 * Hands the terminal of this process to the program that runs in a session: keys go there, and what it prints comes here, as
 * it is, until the program ends or the detach key is pressed. Nothing else may write or read meanwhile.
 */
export function handOver(session: ClientSession, {detachKey}: {detachKey: string}): HandedOver {
  const {stdin, stdout} = process
  const restoring = trackRestoreSequences()
  const detach = createDetachKeyFinder(detachKey)
  const size = () => terminalSize() ?? defaultSize
  let attachment: Attachment | undefined
  /** Typed before it was known that there is somebody to get it; the screen may be there already. */
  let early = ''
  let isPainted = false
  let hasOwnScreen = false
  let isOver = false
  let onLeave: () => void = () => undefined
  const left = new Promise<AttachmentEnd>((resolve) => (onLeave = () => resolve('detached')))

  // Others redraw what is theirs at a new size; the screen is not theirs now.
  const sleepers = stdout.listeners('resize') as (() => void)[]
  const onResize = () => attachment?.resize(size())
  const sendKeys = (forProgram: string) => {
    if (forProgram !== '') attachment?.input(Buffer.from(forProgram, 'latin1'))
  }
  const onKeys = (keys: Buffer) => {
    const {forProgram, isPressed} = detach.feed(keys.toString('latin1'))
    if (attachment !== undefined) sendKeys(forProgram)
    else if (early.length < maxEarlyKeys) early += forProgram
    if (isPressed) onLeave()
  }
  const onOutput = (data: Uint8Array, {isRepaint}: {isRepaint: boolean}) => {
    if (isOver) return
    if (isRepaint) {
      hasOwnScreen = Buffer.from(data).includes(alternateScreen)
      const clear = hasOwnScreen ? '' : clearScreen(isPainted ? 0 : size().rows)
      stdout.write(restoring.restore() + clear)
      isPainted = true
    }
    restoring.track(data)
    stdout.write(data)
  }

  const begin = () => {
    for (const sleeper of sleepers) stdout.off('resize', sleeper)
    stdout.on('resize', onResize)
    process.on('exit', release)
    stdin.setRawMode(true)
    stdin.on('data', onKeys)
    stdin.resume()
  }
  const release = () => {
    if (isOver) return
    isOver = true
    stdout.off('resize', onResize)
    process.off('exit', release)
    for (const sleeper of sleepers) stdout.on('resize', sleeper)
    try {
      // Below what the program has left behind, where that is on the screen of all others.
      if (isPainted) stdout.write(restoring.restore() + (hasOwnScreen ? '' : `\x1b[${size().rows};1H\r\n`))
      stdin.off('data', onKeys)
      stdin.setRawMode(false)
    } catch {
      // There is no terminal any more.
    }
  }

  const run = async (): Promise<AttachmentEnd> => {
    begin()
    try {
      const attaching = session.attach({size: size(), onOutput})
      const first = await Promise.race([attaching, left])
      if (first === 'detached') {
        void attaching.then((late) => late.end()).catch(() => undefined)
        return first
      }
      attachment = first as Attachment
      sendKeys(early)
      // It may have changed while nobody could be told.
      onResize()
      const how = await Promise.race([attachment.ended, left])
      attachment.end()
      if (isPainted && !isOver) {
        stdout.write(restoring.restore())
        stdin.off('data', onKeys).on('data', ignore)
        await delay(lateAnswersMs)
        stdin.off('data', ignore)
      }
      return how
    } finally {
      release()
      stdin.pause()
      // Node stops reading a moment later, be it that somebody else has begun to read.
      await new Promise(setImmediate)
    }
  }

  return {ended: run(), release}
}

function ignore(): void {
  // What is typed for the program, or by the terminal, is for nobody else.
}

/** An empty screen. What was on it, so many rows, goes up, where it can be found. */
function clearScreen(rows: number): string {
  return `\x1b[${rows || 1};1H${'\n'.repeat(rows)}\x1b[H\x1b[2J`
}
