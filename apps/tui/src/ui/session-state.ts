import {waitsFor} from '@holdfast/protocol'
import {formatElapsed, waitingBadge} from '@holdfast/session-view'

import type {Token} from '../theme/theme.ts'
import type {ScreenSnapshot} from './screen-snapshot.ts'

/** A state that ends by itself, so that it gets a spinner. Pure. */
export function isTransient(kind: ScreenSnapshot['status']['kind']): boolean {
  return kind === 'starting' || kind === 'recovering'
}

/** What waits for the user, in one or two words; `undefined`: nothing. Pure. */
export function badgeOf({status, session, input}: ScreenSnapshot): string | undefined {
  if (status.kind === 'not-saved') return 'NOT SAVED'
  if (status.kind === 'gave-up' || status.kind === 'detached') return 'OFFLINE'
  if (status.kind !== 'live' || session === undefined) return undefined
  // A list of sessions does not know whether a program that wants a terminal has one; this screen does.
  const wantsTerminal = session.running !== null && input === 'terminal'
  const waits = waitsFor(session, {input: input ?? 'none'}) ?? (wantsTerminal ? 'input' : undefined)
  return waits === undefined ? undefined : waitingBadge(waits)
}

/** The state of the session in words. Pure. */
export function stateText({status, session, input, stopping}: ScreenSnapshot, now: number): string {
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
      const working = running.prompt_id === stopping ? 'stopping' : 'running'
      const activity = isAsking ? 'waiting for you' : working
      return `${activity} ${formatElapsed(Math.max(0, now - running.started_at))}`
    }
  }
}

/** How the state is drawn. Pure. */
export function stateToken({status, session}: ScreenSnapshot): Token {
  switch (status.kind) {
    case 'live':
      return session?.running == null ? 'muted' : 'accent'
    case 'starting':
    case 'ended':
      return 'muted'
    case 'gave-up':
      return 'error'
    default:
      return 'warning'
  }
}

/** Why the session is out of reach, if it is. Pure. */
export function whyOutOfReach({status}: ScreenSnapshot): string | undefined {
  if (status.kind === 'gave-up') return [`No gateway: ${status.reason}`, ...status.stderr].join('\n  ')
  return 'reason' in status && status.kind !== 'ended' ? status.reason : undefined
}
