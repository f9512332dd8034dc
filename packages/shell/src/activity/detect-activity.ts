import {readProcessStat} from '../process-stat.ts'
import type {Activity} from './activity-watch.ts'
import {readTerminalSettings} from './terminal-settings.ts'
import {terminalOf, waitOf} from './terminal-wait.ts'

/** The apparent activity of this shell's foreground program; `quiet` where the system does not show it. */
export async function detectActivity(shellPid: number): Promise<Activity> {
  const stat = readProcessStat(shellPid)
  const terminal = terminalOf(shellPid)
  if (stat === undefined || terminal === undefined) return {state: 'quiet'}
  const {reason} = waitOf(stat.foregroundGroup, terminal)
  if (reason === 'otherwise') return {state: 'quiet'}
  const settings = await readTerminalSettings(terminal)
  // A program in an event loop may wait for anything; if it reads key by key, it waits for keys as well.
  if (reason === 'waits-for-events' && settings?.isByLine !== false) return {state: 'quiet'}
  // Of a program of another user, as `sudo`, it is only known that it sleeps: it asks for a password if the echo is off.
  if (reason === 'not-visible' && !(settings?.isByLine === true && !settings.echo)) return {state: 'quiet'}
  // A program that reads key by key draws its own echo.
  return {state: 'waiting-for-input', ...(settings?.isByLine === true ? {echo: settings.echo} : {})}
}
