/* oxlint-disable no-control-regex -- control sequences are what this file is about */
import type {SerializeAddon} from '@xterm/addon-serialize'
import type {Terminal} from '@xterm/headless'

import {trackTerminalModes, type TerminalModes} from '../modes/terminal-modes.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {loadTerminal} from './load-terminal.ts'

/** What the terminal of a program shows, for whoever looks at it in the midst of it. */
export interface ProgramScreen {
  /** What the program prints, in order. */
  note(data: Uint8Array): void
  resize(size: TerminalSize): void
  /**
   * What paints, on an empty screen, what was noted until `onMoment` was called; later output goes on from there. Loads the
   * model when first asked. Rejects when the program ends before.
   */
  paint(onMoment?: () => void): Promise<string>
  /** What was noted before the last bytes was not kept whole: the paint may lack what is older. */
  readonly isCut: boolean
  /** Another program: all is forgotten. */
  clear(): void
}

export interface ProgramScreenOptions {
  size: TerminalSize
  /** The model does not keep up: the program is to wait, until it does. */
  onBehind: (isBehind: boolean) => void
}

interface Model {
  terminal: Terminal
  serializer: SerializeAddon
  modes: TerminalModes
}

/** What fills any screen many times over. */
const maxRecentBytes = 512 * 1024
/** What may wait to be read by the model, bytes. */
const maxWaitingBytes = 1024 * 1024
const alternate = '\x1b[?1049h'
const modeSwitch = /\x1b\[\?([\d;]{1,40})([hl])/g
const modeBegins = Buffer.from('\x1b[?')

/**
 * Keeps the last that was printed, and of what came before only the modes that were switched. The model of the terminal is
 * made of that when somebody wants to see it; from then on it reads along until the program ends.
 */
export function createProgramScreen(options: ProgramScreenOptions): ProgramScreen {
  const {onBehind} = options
  let {size} = options
  let recent: Uint8Array[] = []
  let recentBytes = 0
  const switched = new Map<string, string>()
  let model: Model | undefined
  let waitingBytes = 0
  let isBehind = false
  let isCut = false
  let programs = 0

  const feed = ({terminal}: Model, data: Uint8Array) => {
    waitingBytes += data.length
    terminal.write(data, () => {
      waitingBytes -= data.length
      setBehind()
    })
    setBehind()
  }
  const setBehind = () => {
    const next = waitingBytes > (isBehind ? maxWaitingBytes / 2 : maxWaitingBytes)
    if (next === isBehind) return
    isBehind = next
    onBehind(next)
  }

  const load = async (): Promise<Model> => {
    const [terminal, {default: addon}] = await Promise.all([loadTerminal(size), import('@xterm/addon-serialize')])
    const serializer = new addon.SerializeAddon()
    terminal.loadAddon(serializer)
    return {terminal, serializer, modes: trackTerminalModes(terminal)}
  }

  const living = async (): Promise<Model> => {
    const program = programs
    const loaded = model ?? (await load())
    if (program !== programs) throw new Error('The program whose screen was asked for has ended')
    if (model !== undefined) return model
    model = loaded
    loaded.terminal.resize(size.cols, size.rows)
    for (const [mode, final] of switched) feed(loaded, Buffer.from(`\x1b[?${mode}${final}`))
    for (const data of recent) feed(loaded, data)
    recent = []
    recentBytes = 0
    return loaded
  }

  const forget = (data: Uint8Array) => {
    isCut = true
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    if (!bytes.includes(modeBegins)) return
    for (const [, modes = '', final = ''] of bytes.toString('latin1').matchAll(modeSwitch)) {
      for (const mode of modes.split(';')) {
        // The last one that was switched is to be the last one again.
        switched.delete(mode)
        switched.set(mode, final)
      }
    }
  }

  return {
    get isCut() {
      return isCut
    },
    note(data) {
      if (model !== undefined) return feed(model, data)
      recent.push(data)
      recentBytes += data.length
      while (recentBytes - recent[0]!.length > maxRecentBytes) {
        const oldest = recent.shift()!
        recentBytes -= oldest.length
        forget(oldest)
      }
    },
    resize(next) {
      size = next
      model?.terminal.resize(next.cols, next.rows)
    },
    async paint(onMoment) {
      const {terminal, serializer, modes} = await living()
      onMoment?.()
      return await new Promise((resolve) =>
        terminal.write('', () => {
          const all = serializer.serialize()
          // What is behind the other screen is not to be seen.
          const text =
            terminal.buffer.active.type === 'alternate' ? all.slice(Math.max(0, all.indexOf(alternate))) : all
          resolve(text + modes.paint())
        }),
      )
    },
    clear() {
      programs += 1
      model?.terminal.dispose()
      model = undefined
      recent = []
      recentBytes = waitingBytes = 0
      switched.clear()
      isCut = false
      setBehind()
    },
  }
}
