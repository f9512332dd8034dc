import {basename} from 'node:path'
import {styleText} from 'node:util'

import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'

import {formatElapsed} from '../format/quantities.ts'
import {heldPrompts} from '../format/queue.ts'
import {shortenFolder} from '../format/shorten.ts'
import {userFolder} from '../process/user-folder.ts'
import {waitingPrompts, type ScreenSnapshot} from './screen-model.ts'

/**
 * The status line: `main · bash · ~/src · running 12 s · 2 queued`. The state is never cut; the rest is shortened to fit
 * `columns`. Pure.
 */
export function statusLine(snapshot: ScreenSnapshot, now: number, columns: number): string {
  const {session} = snapshot
  if (session === undefined) return cut(spinningState(snapshot, now), columns) || stateText(snapshot, now)
  const {agent, shell} = session.info
  const held = heldPrompts(session.queue).length
  const waiting = waitingPrompts(snapshot).length - held
  const attached = snapshot.isAttached === true && session.running !== null ? 'attached elsewhere' : ''
  const waitingText = [count(waiting, 'queued'), count(held, 'held')]
  const shortState = join(spinningState(snapshot, now), attached, ...waitingText)
  const longState = join(shortState, queues(snapshot) ? 'Enter queues' : '')
  const state = stringWidth(longState) + leastWidth < columns ? longState : shortState
  const title = toPlainLine(session.info.title)
  const folder = toPlainLine(shownFolder(snapshot.machine, session.info.cwd))
  const branch = snapshot.branch === undefined ? '' : ` (${toPlainLine(snapshot.branch)})`
  const program = toPlainLine(shell === undefined ? agent : basename(shell))

  const room = columns - stringWidth(between + state)
  const shortTitle = cut(title, room - stringWidth(between + folder))
  const machine = snapshot.machine === undefined ? '' : colored(snapshot.machine)
  const places = [
    join(machine, title, program, folder + branch),
    join(machine, title, folder + branch),
    join(machine, title, folder),
    join(machine, shortTitle, folder),
    join(machine, folder),
  ]
  const place = places.find((text) => stringWidth(text) <= room) ?? cut(folder, room, 'start')
  return join(place, state)
}

const machineColors = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const

/** The name of a machine, in a colour of its own. */
function colored(machine: string): string {
  const sum = Array.from(machine).reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0)
  return styleText(machineColors[sum % machineColors.length] ?? 'cyan', toPlainLine(machine))
}

function count(number: number, what: string): string {
  return number === 0 ? '' : `${number} ${what}`
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

function stateText({status, session, input}: ScreenSnapshot, now: number): string {
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
      const isAsking = (input !== undefined && input !== 'none') || (session?.approvals.length ?? 0) > 0
      const activity = isAsking ? 'waiting for you' : 'running'
      return `${activity} ${formatElapsed(Math.max(0, now - running.started_at))}`
    }
  }
}

/** Whether Enter puts what is typed into the queue, and no hint below says so. */
function queues({status, session, input = 'none'}: ScreenSnapshot): boolean {
  return status.kind === 'live' && session?.running != null && session.approvals.length === 0 && input === 'none'
}

/** The folder of a session; that of another machine is whole. Pure. */
export function shownFolder(machine: string | undefined, folder: string): string {
  return machine === undefined ? shortenFolder(folder, userFolder()) : folder
}
