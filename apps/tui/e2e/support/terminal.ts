import {execFileSync} from 'node:child_process'
import {readlinkSync} from 'node:fs'

import {spawn} from '@lydell/node-pty'
import xterm, {type IBuffer, type Terminal as Emulator} from '@xterm/headless'

import {need} from '../../../../tooling/vitest/need.ts'
import {withoutPlaces} from '../../test/fixtures/without-places.ts'
import {trackModes} from './terminal-modes.ts'

export interface TerminalOptions {
  command: string
  args?: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  /** @default 80 */
  cols?: number
  /** @default 24 */
  rows?: number
  /** Called with all bytes as they are written to the terminal. */
  onData?: (bytes: Buffer) => void
}

/** The state in which a program left its terminal. */
export interface TerminalModes {
  /** The output of `stty -a`. */
  termios: string
  /** Modes of the emulator that differ from its start, such as `?25l` for a hidden cursor. */
  changed: readonly string[]
}

const keys = {
  enter: '\r',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
  'ctrl-o': '\x0f',
  'ctrl-t': '\x14',
  /** The key that detaches, pressed twice. */
  detach: '\x1c\x1c',
} as const
export type Key = keyof typeof keys

/** A program in a real PTY, with an emulator that shows its screen. */
export interface Terminal extends AsyncDisposable {
  /** Of the program. */
  readonly pid: number
  /** Resolves with the exit status of the program as a shell reports it: 128 plus the number of a signal. The terminal stays open. */
  readonly exited: Promise<number>
  /** All bytes written to the terminal. */
  readonly bytes: Buffer
  readonly modesBefore: TerminalModes
  modes(): TerminalModes
  /** The visible rows. Here and in the scrollback, prompts are without where and when they were started. */
  screen(): string
  /** All rows with the scrollback; wrapped rows are joined to lines. */
  scrollback(): string
  readonly cursorColumn: number
  /** The emulator's cells, with their colours. */
  readonly buffer: IBuffer
  type(text: string): void
  /** What was typed, and the program has not yet read, while the terminal is raw. */
  unreadBytes(): number
  press(key: Key): void
  /**
   * Waits until the visible screen shows a text, or a predicate holds; checks after each write that leaves a whole frame.
   * Nothing more is drawn until the code that awaits it has looked. Its error shows the screen.
   */
  waitFor(what: string | RegExp | (() => boolean), options?: {timeoutMs?: number}): Promise<void>
  resize(cols: number, rows: number): void
  /** Reads nothing that is written, as after Ctrl-S, until `read`. */
  stopReading(): void
  read(): void
  kill(signal: NodeJS.Signals): void
  /** Closes the window: the kernel hangs up. */
  close(): void
}

/** The OSC number of the wrapper's messages; no emulator uses it. */
const wrapperMessage = 7777

/**
 * A shell that keeps the terminal open, as the shell in a window does, so that tests can inspect the terminal when the program
 * has ended.
 */
const wrapper = String.raw`
say() { printf '\033]${wrapperMessage};%s\007' "$1"; }
trap : INT QUIT
say "modes=$(stty -a | tr '\n' ' ')"
sh -c 'printf "\033]${wrapperMessage};pid=%s\007" $$; exec "$@"' sh "$@"
say "status=$?"
exec cat > /dev/null
`

/** Opens a terminal and starts a program in it; resolves when the program runs. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const {command, args = [], env, cwd, cols = 80, rows = 24, onData} = options
  const emulator = new xterm.Terminal({cols, rows, scrollback: 100_000, allowProposedApi: true})
  const pty = spawn('/bin/sh', ['-c', wrapper, 'sh', command, ...args], {
    cols,
    rows,
    cwd,
    env: {...env},
    encoding: null,
  })

  const chunks: Buffer[] = []
  const onWrite = new Set<() => void>()
  const draw = drawInTurn(emulator, () => onWrite.forEach((look) => look()))
  // With `encoding: null`, data is bytes, although its type is string.
  pty.onData((data) => {
    const bytes = data as unknown as Buffer
    chunks.push(bytes)
    onData?.(bytes)
    draw(bytes)
  })
  // The emulator answers queries of the program.
  emulator.onData((answer) => pty.write(answer))
  const changedModes = trackModes(emulator)
  const reports = listenToWrapper(emulator)

  let isClosed = false
  const gone = Promise.withResolvers<void>()
  pty.onExit(() => gone.resolve())

  let hasEnded = false
  const exited = reports.status.then((status) => {
    hasEnded = true
    return Number(status)
  })
  const waitFor: Terminal['waitFor'] = (what, {timeoutMs = 20_000} = {}) => {
    const holds =
      typeof what === 'function'
        ? what
        : () => (typeof what === 'string' ? screenOf(emulator).includes(what) : what.test(screenOf(emulator)))
    return new Promise((resolve, reject) => {
      const look = () => {
        // The rest of a synchronized update of a program that has ended never comes.
        const isWhole = hasEnded || !emulator.modes.synchronizedOutputMode
        if (isWhole && holds()) finish(resolve)
      }
      const timer = setTimeout(() => {
        const message = `Expected ${String(what)} on the screen within ${timeoutMs} ms, it shows:\n${screenOf(emulator)}`
        finish(() => reject(new Error(message)))
      }, timeoutMs)
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        onWrite.delete(look)
        settle()
      }
      onWrite.add(look)
      look()
    })
  }

  const termiosBefore = await reports.modes
  const pid = Number(await reports.pid)
  const close = () => {
    if (isClosed) return
    isClosed = true
    ;(pty as unknown as {destroy(): void}).destroy()
  }

  return {
    pid,
    exited,
    get bytes() {
      return Buffer.concat(chunks)
    },
    modesBefore: {termios: termiosBefore, changed: []},
    modes: () => ({
      termios: execFileSync('stty', ['-a', '-F', readlinkSync(`/proc/${pty.pid}/fd/0`)], {encoding: 'utf8'}).replaceAll(
        '\n',
        ' ',
      ),
      // While it runs, a frame may be on its way.
      changed: changedModes().filter((mode) => hasEnded || mode !== '?2026h'),
    }),
    screen: () => screenOf(emulator),
    scrollback: () => scrollbackOf(emulator),
    get cursorColumn() {
      return emulator.buffer.active.cursorX
    },
    get buffer() {
      return emulator.buffer.active
    },
    type: (text) => pty.write(text),
    unreadBytes: () => unreadBytes(`/proc/${pty.pid}/fd/0`),
    press: (key) => pty.write(keys[key]),
    waitFor,
    resize(nextCols, nextRows) {
      emulator.resize(nextCols, nextRows)
      pty.resize(nextCols, nextRows)
    },
    stopReading: () => pty.pause(),
    read: () => pty.resume(),
    kill: (signal) => void process.kill(pid, signal),
    close,
    async [Symbol.asyncDispose]() {
      close()
      await gone.promise
      emulator.dispose()
    },
  }
}

/** Draws chunks one by one, each in a turn of the event loop of its own; `onDrawn` is called after each. */
function drawInTurn(emulator: Emulator, onDrawn: () => void): (bytes: Buffer) => void {
  const waiting: Buffer[] = []
  const drawNext = () => {
    const [bytes] = waiting
    if (bytes === undefined) return
    emulator.write(bytes, () => {
      onDrawn()
      // Within this callback, the emulator would draw it at once.
      setImmediate(() => {
        waiting.shift()
        drawNext()
      })
    })
  }
  return (bytes) => {
    if (waiting.push(bytes) === 1) drawNext()
  }
}

function unreadBytes(tty: string): number {
  const program =
    'import array, fcntl, sys, termios; n = array.array("i", [0]); fcntl.ioctl(open(sys.argv[1]), termios.FIONREAD, n); print(n[0])'
  return Number(execFileSync(need('python3'), ['-c', program, tty], {encoding: 'utf8'}))
}

function listenToWrapper(emulator: Emulator): Readonly<Record<'modes' | 'pid' | 'status', Promise<string>>> {
  const reports = {
    modes: Promise.withResolvers<string>(),
    pid: Promise.withResolvers<string>(),
    status: Promise.withResolvers<string>(),
  }
  emulator.parser.registerOscHandler(wrapperMessage, (message) => {
    const [, name, value] = /^(modes|pid|status)=(.*)$/.exec(message) ?? []
    if (name !== undefined && value !== undefined) reports[name as keyof typeof reports].resolve(value)
    return true
  })
  return {modes: reports.modes.promise, pid: reports.pid.promise, status: reports.status.promise}
}

/** The visible rows. */
export function screenOf({buffer: {active}, rows}: Emulator): string {
  const lines = Array.from(
    {length: rows},
    (_, row) =>
      active
        .getLine(active.baseY + row)
        ?.translateToString(true)
        .trimEnd() ?? '',
  )
  return withoutPlaces(lines.join('\n').trimEnd())
}

/** All rows with the scrollback; wrapped rows are joined to lines. */
export function scrollbackOf({buffer: {active}}: Emulator): string {
  const lines: string[] = []
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)
    const isWhole = active.getLine(row + 1)?.isWrapped !== true
    const text = line?.translateToString(isWhole) ?? ''
    if (line?.isWrapped === true) lines[lines.length - 1] += text
    else lines.push(text)
  }
  return withoutPlaces(lines.join('\n').trimEnd())
}
