import {createAnswerWatch} from '../activity/input-obstacle.ts'
import {createInterrupter} from '../interrupt/interrupter.ts'
import {signalForeground} from '../interrupt/signal-foreground.ts'
import {requireRoom} from '../open/require-room.ts'
import {openShellTerminal} from '../open/shell-terminal.ts'
import {readProcessStat} from '../process-stat.ts'
import type {Shell, Size} from '../shell.ts'
import {findProgram} from './find-program.ts'
import {requireFolder} from './require-folder.ts'
import {shellEnvironment} from './shell-environment.ts'

export interface OpenProgramOptions {
  /** The folder in which the program starts, and in which a relative path to it begins. */
  cwd: string
  /** The program's environment, to which TERM is added. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** @default 80 columns, 24 rows */
  size?: Size
  /** Receives every byte that the program prints, in order, until `closed`. */
  onOutput(data: Uint8Array): void
}

/** A program on a terminal of its own, which is used as the programs of a `Shell` are. Its methods are those of `Shell`. */
export interface OpenedProgram extends Pick<
  Shell,
  | 'pid'
  | 'path'
  | 'input'
  | 'inputWhen'
  | 'look'
  | 'interrupt'
  | 'signal'
  | 'resize'
  | 'suppressReplies'
  | 'onActivity'
  | 'pause'
  | 'resume'
  | 'closed'
  | 'hasPrograms'
  | 'close'
> {}

/**
 * Starts a program, a path or a name on `$PATH`, without a shell, and answers its queries to the terminal. Throws `not-startable` if
 * there is no such program or folder.
 */
export function openProgram(file: string, args: readonly string[], options: OpenProgramOptions): OpenedProgram {
  const {cwd, env = process.env, size = {cols: 80, rows: 24}, onOutput} = options
  requireFolder(cwd, `\`${file}\``)
  const path = findProgram(file, {env, cwd})
  let hasExited = false
  /** Stands for the program, which runs, and is the only one to ask queries, from its start to its end. */
  const asker = {}

  const terminal = openShellTerminal({
    program: path,
    args,
    hasShell: false,
    cwd,
    env: shellEnvironment(env, cwd),
    size,
    onData(data) {
      interrupter.noteOutput(data)
      onOutput(data)
    },
    onPromptDrawn: () => undefined,
    onExit() {
      hasExited = true
      interrupter.close()
    },
    running: () => (hasExited ? undefined : asker),
    answer: (bytes) => pty.write(bytes),
    asker: () => asker,
  })
  const {pty} = terminal
  const answers = createAnswerWatch(pty.pid)
  const interrupter = createInterrupter({
    hasShell: false,
    pressCtrlC() {
      pty.discard()
      pty.write(Buffer.from('\x03'))
    },
    isRunning: () => !hasExited,
    stat: () => readProcessStat(pty.pid),
    kill: pty.kill,
  })
  terminal.beginRun()

  const type = (data: Uint8Array | string): boolean => {
    const bytes = Buffer.from(data)
    requireRoom(pty.waitingBytes + bytes.length)
    terminal.noteInput(bytes)
    if (!hasExited) pty.write(bytes)
    return !hasExited
  }

  const {pid, look, suppressReplies, onActivity, pause, resume, closed, hasPrograms, close} = terminal.methods
  return {
    pid,
    path,
    input: type,
    async inputWhen(condition, data) {
      const obstacle = hasExited ? 'not-running' : await answers.findObstacle(condition)
      if (obstacle !== undefined) return obstacle
      if (!type(data)) return 'not-running'
      answers.noteTyped(Buffer.from(data))
      return undefined
    },
    look,
    interrupt: interrupter.interrupt,
    signal: (signal) => !hasExited && signalForeground(readProcessStat(pty.pid), signal),
    resize: terminal.resize,
    suppressReplies,
    onActivity,
    pause,
    resume,
    closed,
    hasPrograms,
    close,
  }
}
