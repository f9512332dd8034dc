import type {ScreenModel} from './screen-model.ts'
import type {ScreenSnapshot} from './screen-snapshot.ts'

/** What the taskbar, or the tab of the terminal, shows of the session. */
export type Progress = 'none' | 'busy' | 'waiting' | 'failed'

/** A command that runs for less than this shows no progress, ms. */
export const longRunMs = 3000

/** Ghostty takes a progress away that is not repeated for 15 s. */
const repeatMs = 10_000

/** OSC 9;4 as ConEmu has begun it: the state (remove, error, indeterminate, paused), and how much of the bar is filled. */
const sequences: Readonly<Record<Progress, string>> = {
  none: '\u001b]9;4;0;0\u0007',
  failed: '\u001b]9;4;2;100\u0007',
  busy: '\u001b]9;4;3;0\u0007',
  waiting: '\u001b]9;4;4;100\u0007',
}

/**
 * The progress of a session after `before`. A command that ran for long and failed is shown while the terminal does not have the focus:
 * its user looks elsewhere. Pure; `now` is epoch ms.
 */
export function progressOf(
  {status, session, input = 'none', hasFailed}: Pick<ScreenSnapshot, 'status' | 'session' | 'input' | 'hasFailed'>,
  {before, hasFocus, now}: {before: Progress; hasFocus: boolean | undefined; now: number},
): Progress {
  const running = session?.running ?? undefined
  if (session === undefined || status.kind === 'ended') return 'none'
  if (running === undefined) return before !== 'none' && hasFailed === true && hasFocus === false ? 'failed' : 'none'
  if (now - running.started_at < longRunMs) return 'none'
  return input !== 'none' || session.approvals.length > 0 ? 'waiting' : 'busy'
}

type Environment = Readonly<Record<string, string | undefined>>

/** The programs that know OSC 9;4, by `$TERM_PROGRAM`, from these versions on. Earlier ones show a notification with its text. */
const programs: Readonly<Record<string, readonly number[]>> = {
  ghostty: [1, 2, 0],
  'iTerm.app': [3, 6, 6],
  WezTerm: [20250301],
}
/** The version of the library of GNOME Terminal, Ptyxis and others, as 100 times its minor version. */
const leastVte = 7900

/** Whether the terminal shows a progress, by what its environment says of it. Others would print a notification. Pure. */
export function knowsProgress(environment: Environment): boolean {
  const {TMUX, STY, WT_SESSION, ConEmuANSI, TERM_PROGRAM = '', TERM_PROGRAM_VERSION = '', VTE_VERSION} = environment
  // A multiplexer passes nothing of it on, and the variables may be those of another terminal.
  if (TMUX || STY) return false
  if (WT_SESSION || ConEmuANSI === 'ON' || Number(VTE_VERSION) >= leastVte) return true
  const least = programs[TERM_PROGRAM]
  return least !== undefined && !isOlder(TERM_PROGRAM_VERSION.split(/\D+/).map(Number), least)
}

function isOlder(version: readonly number[], least: readonly number[]): boolean {
  for (const [index, number] of least.entries()) {
    const own = version[index] ?? 0
    if (own !== number) return own < number
  }
  return false
}

/** Shows the progress of the session in the terminal. */
export interface TaskbarProgress {
  /** From now on. */
  show(): void
  /** The terminal got or lost the focus. */
  update(): void
  /** Takes it away. Idempotent. */
  restore(): void
}

export function createTaskbarProgress(
  model: Pick<ScreenModel, 'snapshot' | 'subscribe'>,
  {write, hasFocus}: {write: (text: string) => void; hasFocus: () => boolean | undefined},
): TaskbarProgress {
  let shown: Progress = 'none'
  let unsubscribe: (() => void) | undefined
  /** Runs only while a command does. */
  let timer: NodeJS.Timeout | undefined

  const update = () => {
    const now = Date.now()
    const next = progressOf(model.snapshot, {before: shown, hasFocus: hasFocus(), now})
    if (next !== shown) write(sequences[next])
    shown = next
    const startedAt = model.snapshot.session?.running?.started_at
    if (startedAt === undefined) {
      clearTimeout(timer)
      timer = undefined
    } else timer ??= setTimeout(repeat, now - startedAt < longRunMs ? startedAt + longRunMs - now : repeatMs)
  }
  const repeat = () => {
    timer = undefined
    if (shown !== 'none') write(sequences[shown])
    update()
  }
  return {
    show() {
      if (unsubscribe !== undefined) return
      unsubscribe = model.subscribe(update)
      update()
    },
    update() {
      if (unsubscribe !== undefined) update()
    },
    restore() {
      unsubscribe?.()
      unsubscribe = undefined
      clearTimeout(timer)
      timer = undefined
      if (shown !== 'none') write(sequences.none)
      shown = 'none'
    },
  }
}
