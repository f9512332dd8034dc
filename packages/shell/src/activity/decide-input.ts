import type {ProgramModes} from './program-modes.ts'
import type {TerminalSettings} from './parse-settings.ts'
import type {WaitReason} from './terminal-wait.ts'

/**
 * Where typed keys go.
 *
 * - `none`: the program reads nothing: what is typed waits as the next commands.
 * - `line`: it reads a line, or edits one itself with an echo of its own, as a REPL does.
 * - `key`: it reads a key, which its terminal shows: each one goes to it at once.
 * - `hidden`: it reads a line that its terminal does not show.
 * - `terminal`: it wants the whole terminal.
 */
export type ProgramInput = 'none' | 'line' | 'key' | 'hidden' | 'terminal'

export interface Reading {
  input: ProgramInput
  /**
   * What is typed may be a secret: the echo is off, and nothing tells that the program draws its own. Also of a line that the line
   * editor of the shell itself reads for a command: fish reads a secret as it reads any line.
   */
  mayBeSecret: boolean
}

export interface InputFacts {
  /** The command still runs, by the markers of the shell: it is not at its own prompt, nor in the next command. */
  isRunning: boolean
  modes: ProgramModes
  /** Undefined where they were not read: then the program is known to read nothing, or the system does not tell. */
  settings: TerminalSettings | undefined
  /** What the foreground process group waits for. */
  reason: WaitReason
  /** The shell itself is in the foreground, for a command such as `read`. */
  isShell: boolean
  /** An interactive shell was started in the shell, and the foreground program in it. */
  isInNestedShell: boolean
  /** The only program of the foreground process group; undefined where there are more. */
  program: string | undefined
}

const nothing: Reading = {input: 'none', mayBeSecret: false}
const terminal: Reading = {input: 'terminal', mayBeSecret: false}
const line: Reading = {input: 'line', mayBeSecret: false}
const key: Reading = {input: 'key', mayBeSecret: false}
/** A PIN is read key by key (`read -sn 6`), and what is typed before the hand-over is in a prompt. */
const hiddenKeys: Reading = {input: 'terminal', mayBeSecret: true}
const hidden: Reading = {input: 'hidden', mayBeSecret: true}

/** They can be told to show a `*` for each key of a password, which they read key by key. */
const passwordPrograms: ReadonlySet<string> = new Set(['sudo', 'sudo-rs', 'systemd-ask-pas'])

/** Where typed keys go now. Pure; docs/keys.md says what each of 80 programs gets. */
export function decideInput(facts: InputFacts): Reading {
  const {isRunning, modes, settings, isShell, isInNestedShell, program} = facts
  if (!isRunning) return nothing
  if (modes.isFullScreen || isInNestedShell) return terminal
  if (settings === undefined) return nothing
  const {isByLine, echo} = settings
  // Also before the program reads: what is typed now is for it, and must not be shown.
  if (isByLine && !echo) return hidden
  if (isByLine) return reads(facts) ? line : nothing
  // Between two keys it may poll its terminal among other things.
  if (echo) return reads(facts) || facts.reason === 'waits-for-events' ? key : nothing
  // A terminal without the translations of output is drawn by its coordinates: ssh, tmux, curses.
  if (!settings.translatesOutput) return terminal
  if (isShell) return isLineEditor(settings, modes) ? {...line, mayBeSecret: true} : hiddenKeys
  // less, also without the alternate screen; the lists of inquirer and Ink.
  if (modes.hasApplicationKeys || modes.isCursorHidden) return terminal
  if (program !== undefined && passwordPrograms.has(program)) return hidden
  return isLineEditor(settings, modes) ? line : hiddenKeys
}

function reads({reason, modes}: InputFacts): boolean {
  if (reason === 'reads-terminal' || reason === 'awaits-terminal') return true
  // Why a program of another user sleeps is not visible: what it has printed may be a question.
  return reason === 'not-visible' && modes.hasOpenLine
}

/** readline, libedit, Node's readline, prompt_toolkit: they take Enter and Ctrl-V for themselves, and ask for marked pastes. */
function isLineEditor({translatesEnter, quotesNext}: TerminalSettings, {hasBracketedPaste}: ProgramModes): boolean {
  return hasBracketedPaste || !translatesEnter || !quotesNext
}
