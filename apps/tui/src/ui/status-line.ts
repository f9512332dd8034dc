import {homedir} from 'node:os'
import {basename} from 'node:path'

import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'

import {formatElapsed} from '../format/quantities.ts'
import type {ScreenSnapshot} from './screen-model.ts'

/**
 * The one line that says where we are and what happens: `main · bash · ~/src · running 12 s · 2 queued`. What happens is
 * there whole; of the rest, there is what has room in `columns`. Pure.
 */
export function statusLine(snapshot: ScreenSnapshot, now: number, columns: number): string {
  const {session, unsent} = snapshot
  if (session === undefined) return cut(spun(snapshot, now), columns) || statusWord(snapshot, now)
  const {agent, shell} = session.info
  const waiting = session.queue.length + unsent.length
  const attached = snapshot.isAttached === true && session.running !== null ? 'attached elsewhere' : ''
  const state = join(spun(snapshot, now), attached, waiting === 0 ? '' : `${waiting} queued`)
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
  const place = places.find((words) => stringWidth(words) <= room) ?? cut(folder, room, 'start')
  return join(place, state)
}

function join(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join(between)
}

const between = ' · '

/** Shorter than this, in cells, a text that was cut says nothing. */
const leastWidth = 10

/** What has room of a text, or nothing where that is too little. */
function cut(text: string, columns: number, position: 'start' | 'end' = 'end'): string {
  return columns < leastWidth ? '' : cliTruncate(text, columns, {position})
}

/** How often the status line changes by itself, ms; `undefined`: not at all. Pure. */
export function tickMs({status, session}: ScreenSnapshot): number | undefined {
  if (isAwaited(status.kind)) return spinnerMs
  return session?.running == null ? undefined : 1000
}

const spinnerMs = 100
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Whether something is on its way for which the user has to wait. */
function isAwaited(kind: ScreenSnapshot['status']['kind']): boolean {
  return kind === 'starting' || kind === 'recovering'
}

/** What happens; with something that turns as long as it is waited for. */
function spun(snapshot: ScreenSnapshot, now: number): string {
  const word = statusWord(snapshot, now)
  if (!isAwaited(snapshot.status.kind)) return word
  return `${spinner[Math.floor(now / spinnerMs) % spinner.length]} ${word}`
}

/** Why a session cannot be reached, as long as it is so. */
export function whyOutOfReach({status}: ScreenSnapshot): string | undefined {
  if (status.kind === 'gave-up') return [`No gateway: ${status.reason}`, ...status.stderr].join('\n  ')
  return 'reason' in status && status.kind !== 'ended' ? status.reason : undefined
}

function statusWord({status, session, isAsking}: ScreenSnapshot, now: number): string {
  switch (status.kind) {
    case 'starting':
      return 'starting'
    case 'recovering':
      // A line to another machine is tried for as long as it takes.
      return status.of === Infinity
        ? `connecting again, attempt ${status.attempt}`
        : `recovering ${status.attempt}/${status.of}`
    case 'detached':
      return 'detached · /restart tries again'
    case 'unresponsive':
      return 'no answer · what is sent waits'
    case 'gave-up':
      return 'gave up · /restart tries again'
    case 'not-saved':
      return 'not saved · what runs waits'
    case 'ended':
      return 'closed · /new opens another'
    case 'live': {
      const running = session?.running
      if (running == null) return 'idle'
      const word = isAsking || (session?.approvals.length ?? 0) > 0 ? 'waiting for you' : 'running'
      return `${word} ${formatElapsed(Math.max(0, now - running.started_at))}`
    }
  }
}

/** A folder as shells show it: the home is `~`. */
export function shortFolder(folder: string, home: string): string {
  if (folder === home) return '~'
  return folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder
}
