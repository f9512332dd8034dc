import {readProc, readProcessStat, readProcLink, readStatFields} from '../process-stat.ts'

const SHELLS: ReadonlySet<string> = new Set([
  'bash',
  'zsh',
  'fish',
  'dash',
  'sh',
  'ash',
  'ksh',
  'ksh93',
  'mksh',
  'yash',
  'tcsh',
  'csh',
  'nu',
  'elvish',
  'xonsh',
  'pwsh',
])
/** The options of shells that have a value of their own. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '-o',
  '+o',
  '-O',
  '+O',
  '--rcfile',
  '--init-file',
  '-C',
  '--init-command',
])
/** Between the shell and a program, there are no more processes than these. */
const MAX_PARENTS = 32

export interface OwnShell {
  pid: number
  /** See `ProcessStat`: tells a shell from one that has replaced it. */
  image: string | undefined
}

/**
 * Whether a process is an interactive shell that was started in our shell, or runs in one: one that reads its commands from
 * this terminal. A script, and a part of our shell's own command that runs in a process of its own, is none.
 */
export function isInNestedShell(pid: number, own: OwnShell, terminal: string): boolean {
  let current = pid
  for (let parents = 0; parents < MAX_PARENTS && current > 1; parents++) {
    const image = readProcessStat(current)?.image
    if (image === undefined) return false
    const isOwn = image === own.image
    if (!isOwn && isInteractive(current, terminal)) return true
    if (current === own.pid) return false
    current = Number(readStatFields(current)?.[1])
  }
  return false
}

function isInteractive(pid: number, terminal: string): boolean {
  // A process that has exited, or whose program `exec` replaces at this moment, still has its name, but no arguments. They are read
  // first, as `exec` replaces the name before them.
  const commandLine = readProc(`${pid}/cmdline`) ?? ''
  const name = nameOf(pid)
  if (commandLine === '' || name === undefined || !SHELLS.has(name)) return false
  const input = readProcLink(`${pid}/fd/0`)
  // Of another user's shell, as after `su`, this is not visible.
  if (input !== undefined && input !== terminal && input !== '/dev/tty') return false
  return readsCommands(commandLine.split('\0').slice(1, -1))
}

/** Whether a shell with these arguments reads its commands from its input: they name no script, and have no command. Pure. */
export function readsCommands(args: readonly string[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (WITH_VALUE.has(arg)) at += 1
    else if (!/^[-+]./.test(arg) || arg === '--command' || arg.startsWith('--command=')) return false
    else if (/^-[^-]*c/.test(arg)) return false
  }
  return true
}

/** The name of a program, at most 15 characters. */
export function nameOf(pid: number): string | undefined {
  return readProc(`${pid}/comm`)?.trim()
}
