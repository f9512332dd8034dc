import type {Home} from '../support/home.ts'
import {pasted} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import type {Terminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import type {Size} from './bare-shell.ts'
import {findRun, type EndedRun} from './find-run.ts'
import {rowsOf, type Place} from './place.ts'
import {dayEnvironment} from './prepare-day.ts'
import type {Shell, Victim} from './step.ts'

/** The screen of Holdfast on the only session of a home. */
export interface HoldfastScreen extends Place, AsyncDisposable {
  /** An ended command in the transcript. */
  runOf(text: string): EndedRun
}

export async function openHoldfast(
  home: Home,
  shell: Shell,
  size: Size,
  {isKilled}: {isKilled: boolean},
): Promise<HoldfastScreen> {
  const open = (args: readonly string[]) => openTui(home, args, {env: dayEnvironment(home, shell), ...size})
  let terminal: Terminal = await open([])
  await terminal.waitFor('· idle')
  const runOf = (text: string) => {
    const run = findRun(terminal.scrollback(), text)
    if (run === undefined) throw new Error(`Expected \`${text}\` to have ended, got:\n${terminal.scrollback()}`)
    return run
  }
  const kill = async (victim: Victim) => {
    if (victim === 'tui') {
      const [{id}] = await sessionsOf(home)
      terminal.kill('SIGKILL')
      await terminal.exited
      await terminal[Symbol.asyncDispose]()
      terminal = await open(['--resume', id])
      return
    }
    const {pid} = await home.process(victim)
    process.kill(pid, 'SIGKILL')
    await until(() => home.processes().some((each) => each.role === victim && each.pid !== pid), {
      what: `another ${victim}`,
    })
  }
  const isTyped = (line: string) => draftOf(terminal).startsWith(line)
  return {
    get terminal() {
      return terminal
    },
    runOf,
    async enter(text, isPasted) {
      if (isPasted === true) {
        terminal.type(pasted(text))
        await terminal.waitFor(/^❯ \[pasted \d+ lines/m)
        terminal.press('enter')
        return
      }
      for (const line of text.split('\n')) {
        terminal.type(line)
        await terminal.waitFor(() => isTyped(line))
        terminal.press('enter')
        await terminal.waitFor(() => !isTyped(line))
      }
    },
    hasKeys: () => givesKeys(terminal),
    atPrompt: (text) =>
      terminal.waitFor(() => rowsOf(terminal).includes('· idle') && findRun(terminal.scrollback(), text) !== undefined),
    kill: isKilled ? kill : undefined,
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  }
}

/** What is typed goes to the program: the composer is its line, or the program has the whole terminal. */
function givesKeys(terminal: Terminal): boolean {
  const rows = rowsOf(terminal)
  if (/^»/m.test(rows)) return true
  // The screen of Holdfast hides the cursor, and has no alternate screen; htop hides it, too.
  const hasTerminal = !terminal.modes().changed.includes('?25l') || terminal.buffer.type === 'alternate'
  return hasTerminal && !/· (?:idle|running|waiting)/.test(rows)
}

/** The last row of the composer, above the hints, without its sign or the shell's `$PS2`. */
function draftOf(terminal: Terminal): string {
  const isHint = (row: string) => /^ {2}\S/.test(row)
  const row = rowsOf(terminal)
    .split('\n')
    .findLast((each) => !isHint(each))
  return (row ?? '').replace(/^(?:❯|…|[a-z ]*>) ?/, '')
}
