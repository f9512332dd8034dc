import {homedir} from 'node:os'
import {basename} from 'node:path'

import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'

import {formatElapsed} from '../format/quantities.ts'
import {waitingPrompts, type ScreenSnapshot} from './screen-model.ts'

/**
 * The status line: `main · bash · ~/src · running 12 s · 2 queued`. The state is never cut; the rest is shortened to fit
 * `columns`. Pure.
 */
export function statusLine(snapshot: ScreenSnapshot, now: number, columns: number): string {
  const {session} = snapshot
  if (session === undefined) return cut(spinningState(snapshot, now), columns) || stateText(snapshot, now)
  const {agent, shell} = session.info
  const waiting = waitingPrompts(snapshot).length
  const attached = snapshot.isAttached === true && session.running !== null ? 'attached elsewhere' : ''
  const state = join(spinningState(snapshot, now), attached, waiting === 0 ? '' : `${waiting} queued`)
  const title = toPlainLine(session.info.title)
  const folder = toPlainLine(shortFolder(session.info.cwd, homedir()))
  const branch = snapshot.branch === undefined ? '' : ` (${toPlainLine(snapshot.branch)})`
  const program = toPlainLine(shell === undefined ? agent : basename(shell))

  const room = columns - stringWidth(between + state)
  const shortTitle = cut(title, room - stringWidth(between + folder))
  const places = [
    join(title, program, folder + branch),
    join(title, folder + branch),
    join(title, folder),
    join(shortTitle, folder),
  ]
  const place = places.find((text) => stringWidth(text) <= room) ?? cut(folder, room, 'start')
  return join(place, state)
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(between)
}

const between = ' · '

/** Text is not cut to fewer cells than this. */
const leastWidth = 10

/** Cuts a text to `columns`, or to nothing if that is too narrow. */
function cut(text: string, columns: number, position: 'start' | 'end' = 'end'): string {
  return columns < leastWidth ? '' : cliTruncate(text, columns, {position})
}

/** The time until the status line changes by itself, ms; `undefined`: it does not. Pure. */
export function tickMs({status, session}: ScreenSnapshot): number | undefined {
  if (isTransient(status.kind)) return spinnerMs
  return session?.running == null ? undefined : 1000
}

const spinnerMs = 100
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** A state that ends by itself, so that it gets a spinner. */
function isTransient(kind: ScreenSnapshot['status']['kind']): boolean {
  return kind === 'starting' || kind === 'recovering'
}

/** The state, with a spinner if it is transient. */
function spinningState(snapshot: ScreenSnapshot, now: number): string {
  const text = stateText(snapshot, now)
  if (!isTransient(snapshot.status.kind)) return text
  return `${spinner[Math.floor(now / spinnerMs) % spinner.length]} ${text}`
}

/** Why the session is out of reach, if it is. */
export function whyOutOfReach({status}: ScreenSnapshot): string | undefined {
  if (status.kind === 'gave-up') return [`No gateway: ${status.reason}`, ...status.stderr].join('\n  ')
  return 'reason' in status && status.kind !== 'ended' ? status.reason : undefined
}

function stateText({status, session, isAsking}: ScreenSnapshot, now: number): string {
  switch (status.kind) {
    case 'starting':
      return 'starting'
    case 'recovering':
      // A connection to another machine is retried without a limit.
      return status.of === Infinity
        ? `reconnecting, attempt ${status.attempt}`
        : `recovering ${status.attempt}/${status.of}`
    case 'detached':
      return 'detached · /restart tries again'
    case 'unresponsive':
      return 'not responding · prompts wait'
    case 'gave-up':
      return 'gave up · /restart tries again'
    case 'not-saved':
      return 'not saved · output is paused'
    case 'ended':
      return 'closed · /new opens another'
    case 'live': {
      const running = session?.running
      if (running == null) return 'idle'
      const activity = isAsking || (session?.approvals.length ?? 0) > 0 ? 'waiting for you' : 'running'
      return `${activity} ${formatElapsed(Math.max(0, now - running.started_at))}`
    }
  }
}

/** A folder as shells show it: with `~` for the home folder. */
export function shortFolder(folder: string, home: string): string {
  if (folder === home) return '~'
  return folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder
}
