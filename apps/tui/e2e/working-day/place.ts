import type {Home} from '../support/home.ts'
import type {Terminal} from '../support/terminal.ts'
import type {Act, Step, Victim} from './step.ts'
import {until} from '../support/until.ts'

/** Where a day is spent: a bare shell, or Holdfast. Each wait is for what the terminal shows. */
export interface Place {
  /** The terminal of this moment. */
  readonly terminal: Terminal
  /** Types a command at the prompt, with Enter after each line, or pastes it and presses Enter. */
  enter(text: string, isPasted?: boolean): Promise<void>
  /** The running program has the keyboard. */
  hasKeys(): boolean
  /** Resolves when the prompt is back. */
  atPrompt(text: string): Promise<void>
  /** Kills a process of the session; undefined on a day without kills. */
  kill?: ((victim: Victim) => Promise<void>) | undefined
}

/** Does what the user does in one step, from prompt to prompt. */
export async function doStep(place: Place, {killedBefore, isPasted, acts = []}: Step, text: string): Promise<void> {
  if (killedBefore !== undefined) await place.kill?.(killedBefore)
  await place.enter(text, isPasted)
  for (const act of acts) await doAct(place, act)
  await place.atPrompt(text)
}

async function doAct(place: Place, act: Act): Promise<void> {
  if ('kill' in act && place.kill === undefined) {
    if (act.instead !== undefined) await type(place, {when: act.when, keys: act.instead})
    return
  }
  if ('keys' in act) await type(place, act)
  else if ('half' in act) await type(place, {when: act.when, keys: act.half})
  // Killing the screen changes the terminal.
  else await place.terminal.waitFor(() => act.when.test(rowsOf(place.terminal)))
  if ('signal' in act) place.terminal.type(act.signal)
  if ('kill' in act) await place.kill?.(act.kill)
}

async function type(place: Place, {when, keys, until: shown}: Extract<Act, {keys: string}>): Promise<void> {
  const {terminal} = place
  await terminal.waitFor(() => when.test(rowsOf(terminal)) && place.hasKeys())
  terminal.type(keys)
  if (shown === undefined) return
  const look = () => {
    if (shown.test(rowsOf(terminal))) return true
    if (place.hasKeys()) terminal.type(keys)
    return false
  }
  await until(look, {what: `${String(shown)} on the screen`})
}

/** The visible rows, without blanks at their ends. */
export function rowsOf(terminal: Terminal): string {
  return terminal.screen().replaceAll(/ +$/gm, '')
}

/** Lines as a terminal shows them, without blanks at their ends and after them, and without what differs between two homes. */
export function plain(lines: readonly string[], home: Home, varies?: RegExp): string[] {
  return lines
    .map((line) => line.replaceAll(/[^\t]*\t/g, (cell) => cell.slice(0, -1).padEnd(Math.ceil(cell.length / 8) * 8)))
    .map((line) => line.replaceAll(home.project, 'PROJECT').trimEnd())
    .map((line) => (varies ? line.replaceAll(new RegExp(varies, 'g'), '…') : line))
    .join('\n')
    .trimEnd()
    .split('\n')
}
