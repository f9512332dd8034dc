/* oxlint-disable no-control-regex -- control sequences are what this file is about */
import type {SerializeAddon} from '@xterm/addon-serialize'
import type {Terminal} from '@xterm/headless'

import {trackTerminalModes, type TerminalModes} from '../modes/terminal-modes.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {importTerminal} from './import-terminal.ts'
import {loadTerminal} from './load-terminal.ts'
import {takeSnapshot, type Snapshot} from './take-snapshot.ts'

/** The screen of a running program, for a client that attaches while it runs. */
export interface ProgramScreen {
  /** Takes the output of the program, in order. */
  write(data: Uint8Array): void
  resize(size: TerminalSize): void
  /** Loads the terminal. Rejects if `clear` is called first. */
  load(): Promise<void>
  /**
   * The sequences that paint the screen as it is now on an empty terminal; output after this call continues from there. With
   * `inPlace`, the terminal has the rows of the normal screen already: only modes, and the alternate screen if the program
   * has switched to it. With `covered`, also the rows of the normal screen that the alternate one covers. The terminal must be
   * loaded. Rejects if `clear` is called first.
   */
  paint(options?: PaintOptions): Promise<string>
  /**
   * What the screen shows, after all output so far, and up to `scrollback` rows above it. The terminal must be loaded. Rejects if
   * `clear` is called first.
   */
  snapshot(options?: {scrollback?: number}): Promise<Snapshot>
  /** Older output was dropped: the painted screen may lack parts that were drawn before. */
  readonly isCut: boolean
  /** Starts anew for another program. */
  clear(): void
}

export interface PaintOptions {
  /** @default false */
  inPlace?: boolean
  /** @default false */
  covered?: boolean
}

export interface ProgramScreenOptions {
  size: TerminalSize
  /** How many rows that scroll off the top are kept for snapshots. @default 0 */
  scrollback?: number
  /** The terminal lags behind by more than 1 MiB: pause the program until this is called with `false`. */
  onBehind: (isBehind: boolean) => void
}

interface Model {
  terminal: Terminal
  serializer: SerializeAddon
  modes: TerminalModes
  title: string
}

/** Fills any screen many times over. */
const maxRecentBytes = 512 * 1024
/** Bytes that may wait for the terminal. */
const maxWaitingBytes = 1024 * 1024
/** UTF-16 units; a longer title is cut. */
const maxTitleLength = 1000
const alternate = '\x1b[?1049h'
const modeSwitch = /\x1b\[\?([\d;]{1,40})([hl])/g
const modePrefix = Buffer.from('\x1b[?')

/**
 * Keeps the last 512 KiB of output, and of older output only the modes that were set. `load` feeds these to a terminal in
 * memory, which from then on takes all output until the program ends: most programs are never attached to.
 */
export function createProgramScreen(options: ProgramScreenOptions): ProgramScreen {
  const {onBehind, scrollback: keptRows = 0} = options
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

  const createModel = async (): Promise<Model> => {
    const [terminal, {serialize}] = await Promise.all([loadTerminal(size, {scrollback: keptRows}), importTerminal()])
    const serializer = new serialize.SerializeAddon()
    terminal.loadAddon(serializer)
    const created: Model = {terminal, serializer, modes: trackTerminalModes(terminal), title: ''}
    terminal.onTitleChange((title) => (created.title = title.slice(0, maxTitleLength)))
    return created
  }

  const load = async (): Promise<void> => {
    const program = programs
    if (model !== undefined) return
    const loaded = await createModel()
    if (program !== programs) throw new Error('The program ended before its screen was loaded')
    if (model !== undefined) return loaded.terminal.dispose()
    model = loaded
    loaded.terminal.resize(size.cols, size.rows)
    for (const [mode, final] of switched) feed(loaded, Buffer.from(`\x1b[?${mode}${final}`))
    for (const data of recent) feed(loaded, data)
    recent = []
    recentBytes = 0
  }

  /** Reads the terminal after all output so far. */
  const read = async <Value>(look: (loaded: Model) => Value): Promise<Value> => {
    if (model === undefined) throw new Error('Expected the screen of a program to be loaded before it is read')
    const loaded = model
    // At once if nothing waits: behind a write, which xterm defers, the callback would come 1 ms later at the earliest.
    const {cols, rows} = loaded.terminal
    if (waitingBytes === 0 && cols === size.cols && rows === size.rows) return look(loaded)
    const program = programs
    return await new Promise<Value>((resolve, reject) =>
      loaded.terminal.write('', () => {
        if (program !== programs) return reject(new Error('The program ended before its screen was read'))
        // What the terminal calls must not throw.
        try {
          resolve(look(loaded))
        } catch (error) {
          reject(new Error('The screen of the program could not be read', {cause: error}))
        }
      }),
    )
  }

  const forget = (data: Uint8Array) => {
    isCut = true
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    if (!bytes.includes(modePrefix)) return
    for (const [, modes = '', final = ''] of bytes.toString('latin1').matchAll(modeSwitch)) {
      for (const mode of modes.split(';')) {
        // Order matters: restoring must set the mode last that the program set last.
        switched.delete(mode)
        switched.set(mode, final)
      }
    }
  }

  return {
    get isCut() {
      return isCut
    },
    write(data) {
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
      const terminal = model?.terminal
      // After the output so far, of which the terminal may not have read all.
      terminal?.write('', () => {
        if (model?.terminal === terminal) terminal.resize(next.cols, next.rows)
      })
    },
    load,
    paint: (how = {}) => read((loaded) => paintScreen(loaded, how)),
    snapshot: ({scrollback} = {}) =>
      read(({terminal, modes, title}) => takeSnapshot(terminal, modes, title, scrollback)),
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

function paintScreen({terminal, serializer, modes}: Model, {inPlace = false, covered = false}: PaintOptions): string {
  const all = serializer.serialize({scrollback: 0})
  const modesOf = modes.serialize()
  if (covered) return all + modesOf
  if (terminal.buffer.active.type === 'alternate') return all.slice(Math.max(0, all.indexOf(alternate))) + modesOf
  return all.slice(inPlace ? serializer.serialize({scrollback: 0, excludeModes: true}).length : 0) + modesOf
}
