import {describeLoss, type ClientStatus} from '@holdfast/client'

/** The line from this page to the gateway, as the user sees it. */
export type Line =
  | {kind: 'connecting'}
  | {kind: 'connected'}
  /** `attemptAt`: epoch ms of the next attempt; in the past while it is under way. */
  | {kind: 'reconnecting'; attemptAt: number; why: string}
  /** The browser has no network. */
  | {kind: 'offline'}
  /** Nothing is tried any more until the user does something. */
  | {kind: 'broken'; why: string}

export interface LineFacts {
  status: ClientStatus
  hasNetwork: boolean
  attemptAt: number
}

/** Pure. */
export function lineOf({status, hasNetwork, attemptAt}: LineFacts): Line {
  if (status.kind === 'live') return {kind: 'connected'}
  if (status.kind === 'gave-up') return {kind: 'broken', why: describeLoss(status)}
  if (status.kind === 'closed') return {kind: 'broken', why: status.reason}
  if (!hasNetwork) return {kind: 'offline'}
  if (status.kind === 'starting') return {kind: 'connecting'}
  return {kind: 'reconnecting', attemptAt, why: describeLoss(status)}
}

/** The line in a few words: `Reconnecting in 4 s`. Pure. */
export function describeLine(line: Line, now: number): string {
  switch (line.kind) {
    case 'connecting':
      return 'Connecting'
    case 'connected':
      return 'Connected'
    case 'offline':
      return 'Offline'
    case 'broken':
      return 'Not connected'
    case 'reconnecting': {
      const seconds = Math.ceil((line.attemptAt - now) / 1000)
      return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting'
    }
  }
}
