import {readProcessStat} from '../process-stat.ts'
import {outputArrived} from '../pty/output-arrived.ts'
import type {Activity} from './activity-watch.ts'
import {decideInput} from './decide-input.ts'
import {isInNestedShell, nameOf, type OwnShell} from './nested-shell.ts'
import type {ProgramModes} from './program-modes.ts'
import {readTerminalSettings} from './terminal-settings.ts'
import {terminalOf, waitOf} from './terminal-wait.ts'

export interface DetectOptions {
  shell: OwnShell
  modes: ProgramModes
  /** The command that runs, by the markers of the shell that have arrived: another object for each. */
  running(): object | undefined
  /** Reads the settings of the terminal, 3 ms of work, also of a program that does not read its terminal now. */
  isThorough: boolean
}

const nothing: Activity = {state: 'quiet', input: 'none', mayBeSecret: false}

/** The apparent activity of a shell's foreground program; `quiet` where the system does not show it. */
export async function detectActivity(
  {shell, modes, running, isThorough}: DetectOptions,
  attempts = 3,
): Promise<Activity> {
  const command = running()
  const stat = readProcessStat(shell.pid)
  const terminal = terminalOf(shell.pid)
  if (command === undefined || stat === undefined || terminal === undefined)
    return {...nothing, input: command !== undefined && modes.isFullScreen ? 'terminal' : 'none'}
  const {reason, members, isDiscarding} = waitOf(stat.foregroundGroup, terminal, shell.pid)
  const settings = isThorough || reason !== 'otherwise' ? await readTerminalSettings(terminal) : undefined
  const again = () => detectActivity({shell, modes, running, isThorough}, attempts - 1)
  // The foreground group has changed: the settings may already be those of the shell, or of the next program.
  if (attempts > 1 && readProcessStat(shell.pid)?.foregroundGroup !== stat.foregroundGroup) return await again()
  const isShell = stat.group === stat.foregroundGroup && stat.image === shell.image
  if (isShell && settings?.isByLine === false && !settings.echo) {
    // The shell itself discards input, or did so while the settings were read: they are for no command.
    const after = waitOf(stat.foregroundGroup, terminal, shell.pid)
    if (isDiscarding || after.isDiscarding) return nothing
    // It may be at its own prompt, and the marker that ends the command not have arrived.
    await outputArrived()
    if (running() === command && after.reason === 'otherwise' && attempts > 1) return await again()
  }
  // Since `reason` was read, this command may have ended and the next one begun, whose settings these are.
  const isRunning = running() === command
  if (!isRunning && attempts > 1) return await again()
  const reading = decideInput({
    isRunning,
    modes,
    settings,
    reason,
    isShell,
    isInNestedShell: members[0] !== undefined && isInNestedShell(members[0], shell, terminal),
    program: members.length === 1 ? nameOf(members[0]!) : undefined,
  })
  const isWaiting = reason === 'waits-for-events' ? settings?.isByLine === false : reason !== 'otherwise'
  // Of a program of another user, as `sudo`, it is only known that it sleeps.
  const isKnown = reason !== 'not-visible' || reading.input !== 'none'
  return {state: isRunning && isWaiting && isKnown ? 'waiting-for-input' : 'quiet', ...reading}
}
