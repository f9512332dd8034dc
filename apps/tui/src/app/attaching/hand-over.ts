import {setTimeout as delay} from 'node:timers/promises'

import type {Attachment, AttachmentEnd, AttachOptions, ClientSession} from '@holdfast/client'
import {graces} from '@holdfast/supervisor'
import {createDetachKeyFinder, detachWithinMs, trackRestoreSequences, type DetachKey} from '@holdfast/terminal'

import {noticeResize, terminalSize} from '../../process/terminal-size.ts'
import {watchSuspension, type Suspension} from '../../ui/suspension.ts'
import {coalesce, resizeMs} from '../coalesce.ts'
import {createAttachedOutput, type Missed} from './attached-output.ts'
import type {ShownOutput} from './shown-output.ts'

/** The terminal of this process, attached to a program. */
export interface HandedOver {
  /** Resolves when the terminal is restored. Rejects with the error of `attach`. */
  readonly ended: Promise<AttachmentEnd>
  /** Writes output of the program that the attachment did not bring; `false`: the terminal is restored already. */
  show(data: Uint8Array): boolean
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Detaches, as the detach key does. */
  detach(): void
  /** Restores the terminal at once: this process is about to exit. Idempotent. */
  release(): void
}

/** What the terminal shows around the program's output. */
export interface Surroundings {
  /** An attachment with this id starts. Resolves to the output before it that the terminal still lacks. */
  begin(attachId: string): Promise<Missed>
  /** Is told what the terminal gets of the program. */
  readonly shown: ShownOutput
  /**
   * Resolves to what erases the rows that the program may still change. The cursor is where the program has left it.
   * `isLost`: the host does not report the end of the attachment.
   */
  end(options: {isLost: boolean}): Promise<string>
  onResize(): void
}

export interface HandOverOptions {
  /** @default none */
  detachKey?: DetachKey
  /** Continues below what the terminal shows. @default the program gets an empty screen */
  surroundings?: Surroundings
  /** See `AttachOptions`. @default false */
  isLossless?: boolean
  /**
   * Gets the keys that came when the program had ended, and those after them. `before`: what was read before them, as a sequence
   * may begin in it. @default they are dropped
   */
  onUnread?: (keys: readonly Uint8Array[], before: Uint8Array) => void
  /** The next reader of keys wants the terminal raw, as it is. @default false */
  isRawAfter?: boolean
}

/** Answers of the terminal to queries of the program arrive within this time, ms: its next reader drops them, a shell does not. */
const lateAnswersMs = 50
const maxEarlyKeys = 65_536
/** How many bytes of keys that the program got may belong to a sequence that continues in the keys that it refused. */
const maxBegunBytes = 1024
/** While a program has the terminal, it alone handles these. */
const pausedSignals = ['SIGTSTP', 'SIGCONT'] as const
const alternateScreen = '\x1b[?1049h'
const defaultSize = {cols: 80, rows: 24}

/**
 * Attaches the terminal of this process to the program that runs in a session: passes on keys and output unchanged, until
 * the program ends or the detach key is pressed. Nothing else may read or write the terminal meanwhile.
 */
export function handOver(session: ClientSession, options: HandOverOptions): HandedOver {
  const {detachKey, surroundings, isLossless, onUnread, isRawAfter = false} = options
  const {stdin, stdout} = process
  const restoring = trackRestoreSequences()
  const detach = detachKey === undefined ? undefined : createDetachKeyFinder(detachKey)
  const size = () => terminalSize() ?? defaultSize
  let attachment: Attachment | undefined
  /** The whole screen was asked for before that. */
  let isRepaintWanted = false
  /** Keys typed before the program is attached. */
  let early = ''
  /** The last keys that were sent to it: those that it may refuse, and some more. */
  let sent = ''
  /** Keys typed after it, which are for the screen. */
  const late: Buffer[] = []
  let lateBytes = 0
  let isPainted = false
  /** The terminal shows the program. */
  let isShown = false
  /** Waits for the second press of the detach key. */
  let heldTimer: NodeJS.Timeout | undefined
  let hasOwnScreen = false
  let isOver = false
  const {hiddenAt} = session
  /** A shell has the terminal. */
  let isStopped = false
  let suspension: Suspension | undefined
  let onLeave: () => void = () => undefined
  const left = new Promise<AttachmentEnd>((resolve) => (onLeave = () => resolve('detached')))

  // The screen must not be redrawn on resize while the program has the terminal.
  const pausedListeners = stdout.listeners('resize') as (() => void)[]
  const pausedHandlers = pausedSignals.map((signal) => [signal, process.listeners(signal)] as const)
  const sendSize = () => attachment?.resize(size())
  const repaint = () => {
    if (attachment === undefined) isRepaintWanted = true
    else attachment.repaint(size())
  }
  const sendSizeSoon = coalesce(sendSize, resizeMs)
  const onResize = () => {
    surroundings?.onResize()
    sendSizeSoon()
  }
  const sendKeys = (forProgram: string) => {
    if (forProgram === '' || attachment === undefined) return
    sent = (sent + forProgram).slice(-maxEarlyKeys - maxBegunBytes)
    attachment.input(Buffer.from(forProgram, 'latin1'))
  }
  const onKeys = (keys: Buffer) => {
    const text = keys.toString('latin1')
    const {forProgram, isPressed} = detach?.feed(text) ?? {forProgram: text, isPressed: false}
    passOn(forProgram)
    if (isPressed) onLeave()
    clearTimeout(heldTimer)
    if (detach?.isHeld) heldTimer = setTimeout(() => passOn(detach.release()), detachWithinMs)
  }
  const onLateKeys = (keys: Buffer) => {
    lateBytes += keys.length
    if (lateBytes <= maxEarlyKeys) late.push(keys)
  }
  const passOn = (forProgram: string) => {
    if (attachment !== undefined) sendKeys(forProgram)
    else if (early.length < maxEarlyKeys) early += forProgram
  }
  const write = (data: Uint8Array) => {
    isShown = true
    if (isStopped || isOver) return
    restoring.track(data)
    stdout.write(data)
  }
  const paint = (screen: Uint8Array) => {
    isShown = true
    if (isStopped || isOver) return
    hasOwnScreen = Buffer.from(screen).includes(alternateScreen)
    const clear = hasOwnScreen ? '' : clearScreen(isPainted ? 0 : size().rows)
    stdout.write(restoring.restore() + clear)
    isPainted = true
    write(screen)
  }
  const output =
    surroundings === undefined
      ? undefined
      : createAttachedOutput({...surroundings, write, paint, requestRepaint: repaint})
  const onOutput: AttachOptions['onOutput'] = (data, {isRepaint}) => {
    if (output !== undefined) return output.take(data, {isRepaint})
    if (isRepaint) paint(data)
    else write(data)
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
    repaint()
  }

  const begin = () => {
    for (const listener of pausedListeners) stdout.off('resize', listener)
    for (const [signal, listeners] of pausedHandlers) for (const listener of listeners) process.off(signal, listener)
    suspension = watchSuspension(lend, retake)
    stdout.on('resize', onResize)
    process.on('exit', onExit)
    stdin.setRawMode(true)
    stdin.on('data', onKeys)
    stdin.resume()
  }
  /** Continues below the program's output, unless that was on the alternate screen. */
  const below = () => {
    if (surroundings !== undefined) return surroundings.shown.isAlternate ? '' : '\r\n\x1b[J'
    return hasOwnScreen ? '' : `\x1b[${size().rows};1H\r\n`
  }
  const release = ({isRaw = false} = {}) => {
    if (isOver) return
    isOver = true
    output?.close()
    stdout.off('resize', onResize)
    process.off('exit', onExit)
    suspension?.close()
    for (const [signal, listeners] of pausedHandlers) for (const listener of listeners) process.on(signal, listener)
    for (const listener of pausedListeners) stdout.on('resize', listener)
    try {
      if (isShown) stdout.write(restoring.restore() + below())
      stdin.off('data', onKeys).off('data', onLateKeys)
      if (!isRaw) stdin.setRawMode(false)
    } catch {
      // The terminal is gone.
    }
  }
  const onExit = () => release()

  /** Attaches until the program ends, the user detaches or the connection is lost. `isLost`: the host has not reported the end. */
  const attach = async (): Promise<{how: AttachmentEnd; isLost: boolean}> => {
    const inPlace = surroundings !== undefined
    const attaching = session.attach({size: size(), onOutput, onStart: output?.start, inPlace, isLossless})
    const ended = attaching.then(async (started) => {
      attachment = started
      sendKeys(early)
      // The size may have changed meanwhile.
      if (isRepaintWanted) repaint()
      else sendSize()
      return await started.ended
    })
    const how = await Promise.race([ended, left])
    stdin.off('data', onKeys).on('data', onLateKeys)
    const end = async () => {
      ;(await attaching).end()
      const reported = await ended
      return reported === 'connection-lost' || reported === 'refused'
    }
    // What the program prints until the host has detached the terminal is still for the terminal.
    const isLost = await Promise.race([end().catch(() => true), delay(graces.attachmentMs, true, {ref: false})])
    return {how, isLost}
  }
  /** Keys that the program did not get, as it had ended. */
  const takeRefused = async () =>
    (await Promise.race([attachment?.refused(), delay(graces.attachmentMs, undefined, {ref: false})])) ?? []
  const passOnUnread = (refused: readonly Uint8Array[]) => {
    // The user saw the program: what was typed for it is no prompt, and Enter behind that submits none.
    if (refused.length === 0) {
      if (surroundings !== undefined && late.length > 0) stdin.unshift(Buffer.concat(late))
      return
    }
    // It may be for what the program had hidden.
    if (session.hiddenAt !== hiddenAt) return
    const before = sent.slice(0, sent.length - Buffer.concat(refused).length).slice(-maxBegunBytes)
    onUnread?.([...refused, ...late], Buffer.from(before, 'latin1'))
  }
  const run = async (): Promise<AttachmentEnd> => {
    begin()
    let isLost = true
    let refused: readonly Uint8Array[] = []
    try {
      const end = await attach()
      isLost = end.isLost
      refused = await takeRefused()
      return end.how
    } finally {
      const erase = await surroundings?.end({isLost})
      if (isShown && !isOver) {
        stdout.write(restoring.restore())
        await delay(lateAnswersMs)
      }
      if (isShown && !isOver && erase !== undefined) {
        stdout.write(erase)
        isShown = false
      }
      release({isRaw: isRawAfter})
      stdin.pause()
      passOnUnread(refused)
      // Node stops reading in the next turn, even if another reader has started.
      await new Promise(setImmediate)
    }
  }

  const show = (data: Uint8Array) => {
    if (isOver) return false
    if (data.length > 0) write(data)
    return true
  }

  return {ended: run(), show, interrupt: () => onKeys(Buffer.from('\x03')), detach: () => onLeave(), release: onExit}
}

/** Scrolls `rows` rows into the scrollback and clears the screen. */
function clearScreen(rows: number): string {
  return `\x1b[${rows || 1};1H${'\n'.repeat(rows)}\x1b[H\x1b[2J`
}
