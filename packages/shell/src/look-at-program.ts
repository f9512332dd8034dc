import type {Activity} from './activity.ts'
import {readProcessFacts} from './process-facts.ts'
import {readTerminalSettings} from './terminal-settings.ts'
import {terminalOf, waitingOf} from './terminal-use.ts'

/** What the program that has the terminal of this shell seems to be doing; `quiet` wherever that cannot be seen. */
export async function lookAtProgram(shellPid: number): Promise<Activity> {
  const facts = readProcessFacts(shellPid)
  const terminal = terminalOf(shellPid)
  if (facts === undefined || terminal === undefined) return {state: 'quiet'}
  const waiting = waitingOf(facts.foregroundGroup, terminal)
  if (waiting === 'otherwise') return {state: 'quiet'}
  const settings = await readTerminalSettings(terminal)
  // Who waits for events may wait for anything; but who wants each key waits for keys, too.
  if (waiting === 'waits-for-events' && settings?.isByLine !== false) return {state: 'quiet'}
  // Who wants each key shows what it likes itself.
  return {state: 'waiting-for-input', ...(settings?.isByLine === true ? {echo: settings.echo} : {})}
}
