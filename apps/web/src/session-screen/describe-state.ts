import {waitsFor} from '@holdfast/protocol'
import {formatElapsed} from '@holdfast/session-view'

import type {SessionView} from '../session/open-session.ts'

/** The state of a session in a few words, and how it looks. */
export interface StateText {
  text: string
  tone: 'muted' | 'accent' | 'warning' | 'error'
}

/** Pure. */
export function describeState({status, state, activity, isOpen, isMissing}: SessionView, now: number): StateText {
  if (isMissing) return {text: 'not found', tone: 'error'}
  if (state?.closed != null || status.kind === 'ended') return {text: 'closed', tone: 'muted'}
  if (!isOpen) return {text: 'as it was last seen', tone: 'warning'}
  switch (status.kind) {
    case 'starting':
    case 'recovering':
    case 'gave-up':
      return {text: 'as it was last seen', tone: 'warning'}
    case 'detached':
      return {text: 'out of reach', tone: 'error'}
    case 'unresponsive':
      return {text: 'not responding · prompts wait', tone: 'warning'}
    case 'not-saved':
      return {text: 'not saved · output is paused', tone: 'warning'}
    case 'live': {
      if (state === undefined || state.running === null) return {text: 'idle', tone: 'muted'}
      const isWaiting = waitsFor(state, activity) !== undefined
      const time = formatElapsed(Math.max(0, now - state.running.started_at))
      return isWaiting ? {text: `waiting for you ${time}`, tone: 'warning'} : {text: `running ${time}`, tone: 'accent'}
    }
  }
}
