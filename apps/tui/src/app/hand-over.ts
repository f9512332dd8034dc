import {setTimeout as delay} from 'node:timers/promises'

import type {Attachment, AttachmentEnd, ClientSession} from '@holdfast/client'
import {createDetachKeyFinder, trackRestoreSequences} from '@holdfast/terminal'

import {noticeResize, terminalSize} from '../process/terminal-size.ts'
import {watchSuspension, type Suspension} from '../ui/suspension.ts'
import {coalesce, resizeMs} from './coalesce.ts'

/** The terminal of this process, attached to a program. */
export interface HandedOver {
  /** Resolves when the terminal is restored. Rejects with the error of `attach`. */
  readonly ended: Promise<AttachmentEnd>
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Restores the terminal at once: this process is about to exit. Idempotent. */
  release(): void
}

/** Answers of the terminal to queries of the program arrive within this time, ms. */
const lateAnswersMs = 50
const maxEarlyKeys = 65_536
/** While a program has the terminal, it alone handles these. */
const pausedSignals = ['SIGTSTP', 'SIGCONT'] as const
const alternateScreen = '\x1b[?1049h'
const defaultSize = {cols: 80, rows: 24}

/**
 * Attaches the terminal of this process to the program that runs in a session: passes on keys and output unchanged, until
 * the program ends or the detach key is pressed. Nothing else may read or write the terminal meanwhile.
 */
export function handOver(session: ClientSession, {detachKey}: {detachKey: string}): HandedOver {
  const {stdin, stdout} = process
  const restoring = trackRestoreSequences()
  const detach = createDetachKeyFinder(detachKey)
  const size = () => terminalSize() ?? defaultSize
  let attachment: Attachment | undefined
  /** Keys typed before the program is attached. */
  let early = ''
  let isPainted = false
  let hasOwnScreen = false
  let isOver = false
  /** A shell has the terminal. */
  let isStopped = false
  let suspension: Suspension | undefined
  let onLeave: () => void = () => undefined
  const left = new Promise<AttachmentEnd>((resolve) => (onLeave = () => resolve('detached')))

  // The screen must not be redrawn on resize while the program has the terminal.
  const pausedListeners = stdout.listeners('resize') as (() => void)[]
  const pausedHandlers = pausedSignals.map((signal) => [signal, process.listeners(signal)] as const)
  const sendSize = () => attachment?.resize(size())
  const onResize = coalesce(sendSize, resizeMs)
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
    if (isOver || isStopped) return
    if (isRepaint) {
      hasOwnScreen = Buffer.from(data).includes(alternateScreen)
      const clear = hasOwnScreen ? '' : clearScreen(isPainted ? 0 : size().rows)
      stdout.write(restoring.restore() + clear)
      isPainted = true
    }
    restoring.track(data)
    stdout.write(data)
  }

  /** Gives the terminal to the shell while `work` runs. */
  const lend = async (work: () => Promise<void>) => {
    if (isOver || isStopped) return
    isStopped = true
    stdout.write(restoring.restore())
    stdin.setRawMode(false)
    await work()
    isStopped = isPainted = false
    retake()
  }
  const retake = () => {
    if (isOver || isStopped) return
    // The shell has changed the mode: Node must not take it for the same.
    stdin.setRawMode(false)
    stdin.setRawMode(true)
    noticeResize()
    attachment?.repaint(size())
  }

  const begin = () => {
    for (const listener of pausedListeners) stdout.off('resize', listener)
    for (const [signal, listeners] of pausedHandlers) for (const listener of listeners) process.off(signal, listener)
    suspension = watchSuspension(lend, retake)
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
    suspension?.close()
    for (const [signal, listeners] of pausedHandlers) for (const listener of listeners) process.on(signal, listener)
    for (const listener of pausedListeners) stdout.on('resize', listener)
    try {
      // Continues below the program's output, unless that was on the alternate screen.
      if (isPainted) stdout.write(restoring.restore() + (hasOwnScreen ? '' : `\x1b[${size().rows};1H\r\n`))
      stdin.off('data', onKeys)
      stdin.setRawMode(false)
    } catch {
      // The terminal is gone.
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
      // The size may have changed meanwhile.
      sendSize()
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
      // Node stops reading in the next turn, even if another reader has started.
      await new Promise(setImmediate)
    }
  }

  return {ended: run(), interrupt: () => onKeys(Buffer.from('\x03')), release}
}

function ignore(): void {
  // Late keys and answers of the terminal belong to the program that has ended.
}

/** Scrolls `rows` rows into the scrollback and clears the screen. */
function clearScreen(rows: number): string {
  return `\x1b[${rows || 1};1H${'\n'.repeat(rows)}\x1b[H\x1b[2J`
}
