import {readProc} from '../process-stat.ts'
import {passKeysOn, readTerminalSettings} from './terminal-settings.ts'
import {readSizeOf, terminalOf, waitReasonOfProcess, type WaitReason} from './terminal-wait.ts'

/**
 * How a shell reads a line from its terminal.
 *
 * - `editor`: by its line editor, at its prompt or for a command such as `read -e` and `vared`.
 * - `line-mode`: by its line editor, while the terminal passes on only whole lines: a program in the background has reset it, as
 *   Node does at its end.
 * - `plain`: at its prompt, without a line editor.
 * - `none`: not at all, for a command (`read`), or for an unknown reason.
 */
export type LineReading = 'editor' | 'line-mode' | 'plain' | 'none'

export interface LineReader {
  /** `isTyped`: a line was typed for the line editor; `line-mode` is looked for only then. */
  read(isTyped: boolean): Promise<LineReading>
  /** Ends `line-mode`. */
  passKeysOn(): Promise<void>
}

const EVENT_WAITS: ReadonlySet<WaitReason> = new Set(['awaits-terminal', 'waits-for-events'])

/** Inspects one shell from outside, by /proc and `stty`. `promptReadBytes`: see `HookedShell`. */
export function createLineReader(pid: number, promptReadBytes: number | undefined): LineReader {
  /** A system call in which the terminal was not in the hands of a line editor: a long `read` needs only one `stty`. */
  let plainCall: string | undefined

  return {
    async read(isTyped) {
      const terminal = terminalOf(pid)
      const systemCall = readProc(`${pid}/syscall`)
      if (terminal === undefined || systemCall === undefined) return 'none'
      const size = readSizeOf(systemCall, pid, terminal)
      if (size !== undefined && size === promptReadBytes) return 'plain'
      if (size === undefined && !EVENT_WAITS.has(waitReasonOfProcess(pid, terminal))) return 'none'
      if (systemCall === plainCall) return 'none'
      const settings = await readTerminalSettings(terminal)
      // Programs that read keys leave Ctrl-V to the terminal. A line editor does not.
      const isEditor = settings && !settings.isByLine && !settings.echo && !settings.quotesNext
      const isLineMode = isTyped && settings && settings.isByLine && settings.echo
      if (!isEditor && !isLineMode) plainCall = systemCall
      if (readProc(`${pid}/syscall`) !== systemCall) return 'none'
      return isEditor ? 'editor' : isLineMode ? 'line-mode' : 'none'
    },
    async passKeysOn() {
      const terminal = terminalOf(pid)
      if (terminal !== undefined) await passKeysOn(terminal)
    },
  }
}
