import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'
import {heldPrompts, otherSizeText, othersText, runnerOf} from '@holdfast/session-view'

import {agentStatus} from './agent-status.ts'
import type {Token} from '../theme/theme.ts'
import {waitingPrompts, type ScreenSnapshot} from './screen-snapshot.ts'
import {shownFolder} from './shown-folder.ts'
import {badgeOf, isTransient, stateText, stateToken} from './session-state.ts'

/**
 * The status line: ` WAITING  main · bash · ~/src (main) · waiting for you 12 s · 2 queued · phone also looks`, with SGR sequences.
 * Badge and state are never cut; the rest is shortened to fit `columns`. `isQuestionShown`: the question of the agent is above it, with the badge. Pure.
 */
export function statusLine(
  snapshot: ScreenSnapshot,
  now: number,
  columns: number,
  {isQuestionShown = false}: {isQuestionShown?: boolean} = {},
): string {
  const {paint, session} = snapshot
  const waits = badgeOf(snapshot)
  const badge = isQuestionShown && waits === 'ALLOW?' ? undefined : waits
  const front = badge === undefined ? '' : `${paint('badge', ` ${badge} `)} `
  const room = columns - (badge === undefined ? 0 : badge.length + 3)
  const state = {text: spinningState(snapshot, now), token: stateToken(snapshot)}
  if (session === undefined) return front + draw([{...state, text: cut(state.text, room) || stateText(snapshot, now)}])

  const held = heldPrompts(session.queue).length
  const waiting = waitingPrompts(snapshot).length - held
  const attached = snapshot.isAttached === true && session.running !== null ? 'attached elsewhere' : ''
  const isReadOnly = snapshot.isReadOnly === true ? 'read-only' : ''
  const must = [state, ...[isReadOnly, attached, count(waiting, 'queued'), count(held, 'held')].map(muted)]
  const left = room - stringWidth(textOf(must) + between)
  const others = fitOthers(snapshot, left - leastWidth)
  const place = fitPlace(snapshot, left - stringWidth(textOf(others)) - (others.length === 0 ? 0 : between.length))
  return front + draw([...place, ...must, ...others])

  function draw(segments: readonly Segment[]): string {
    const shown = segments.filter(({text}) => text !== '')
    return shown.map(({text, token}) => paint(token, text)).join(paint('muted', between))
  }
}

/** A part of the line in one style. */
interface Segment {
  text: string
  token: Token
}

/** Who else looks, and whose size the terminal has, as far as both fit into `room` cells. */
function fitOthers({viewers, size}: ScreenSnapshot, room: number): readonly Segment[] {
  if (viewers === undefined) return []
  const whole = [otherSizeText(viewers, size), othersText(viewers)].filter((text) => text !== '').map(muted)
  return [whole, whole.slice(0, 1)].find((segments) => stringWidth(textOf(segments) + between) <= room) ?? []
}

/** What the session is and where, in `room` cells. */
function fitPlace({session, machine, branch}: ScreenSnapshot, room: number): readonly Segment[] {
  if (session === undefined) return []
  const title = toPlainLine(session.info.title)
  const folder = toPlainLine(shownFolder(machine, session.info.cwd))
  const withBranch = muted(branch === undefined ? folder : `${folder} (${toPlainLine(branch)})`)
  const program = [toPlainLine(runnerOf(session.info)), ...agentStatus(session.agent)].map(muted)
  const where = machine === undefined ? muted('') : {text: toPlainLine(machine), token: tokenOf(machine)}
  const shortTitle = cut(title, room - stringWidth(between + folder))
  const places = [
    [where, muted(title), ...program, withBranch],
    [where, muted(title), withBranch],
    [where, muted(title), muted(folder)],
    [where, muted(shortTitle), muted(folder)],
    [where, muted(folder)],
  ]
  return places.find((place) => stringWidth(textOf(place)) <= room) ?? [muted(cut(folder, room, 'start'))]
}

function muted(text: string): Segment {
  return {text, token: 'muted'}
}

function textOf(segments: readonly Segment[]): string {
  return segments
    .map(({text}) => text)
    .filter((text) => text !== '')
    .join(between)
}

const machineTokens = ['accent', 'keyword', 'warning', 'success', 'code'] as const

/** The name of a machine has a colour of its own. */
function tokenOf(machine: string): Token {
  const sum = Array.from(machine).reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0)
  return machineTokens[sum % machineTokens.length] ?? 'accent'
}

function count(number: number, what: string): string {
  return number === 0 ? '' : `${number} ${what}`
}

const between = ' · '

/** Text is not cut to fewer cells than this. */
const leastWidth = 10

/** Cuts a text to `columns`, or to nothing if that is too narrow. */
function cut(text: string, columns: number, position: 'start' | 'end' = 'end'): string {
  return columns < leastWidth ? '' : cliTruncate(text, columns, {position})
}

/** The time until the status line changes by itself, ms; `undefined`: it does not. Pure. */
export function tickMs(snapshot: ScreenSnapshot, now: number): number | undefined {
  if (spins(snapshot, now)) return spinnerMs(snapshot, now)
  return snapshot.session?.running == null ? undefined : 1000
}

/** Whether something goes on that does not wait for the user. */
function spins(snapshot: ScreenSnapshot, now: number): boolean {
  const {status, session} = snapshot
  if (isTransient(status.kind)) return true
  const isLong = session?.running != null && now - session.running.started_at >= spinsAfterMs
  return isLong && status.kind === 'live' && badgeOf(snapshot) === undefined
}

/** How long each sign of the spinner stays, ms. A long run is looked at now and then: its spinner costs little. */
function spinnerMs({session}: ScreenSnapshot, now: number): number {
  return session?.running != null && now - session.running.started_at >= isLongAfterMs ? 1000 : 100
}

const isLongAfterMs = 60_000
/** A shorter run gets no spinner, ms: it would only flicker. */
const spinsAfterMs = 1000
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The state, with a spinner while something goes on. */
function spinningState(snapshot: ScreenSnapshot, now: number): string {
  const text = stateText(snapshot, now)
  return spins(snapshot, now) ? `${spinner[Math.floor(now / spinnerMs(snapshot, now)) % spinner.length]} ${text}` : text
}
