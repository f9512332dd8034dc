/* oxlint-disable no-control-regex -- control characters are what this file is about */
import type {SessionEvent, UnknownEvent} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import {describeEnd} from '../format/outcomes.ts'
import type {Settings} from '../settings/settings-schema.ts'

/** Older news than this, ms, are history that is shown again. */
const freshMs = 10_000
/** UTF-16 units; more has no room in a notification. */
const maxTextLength = 120

/**
 * What is worth to call the user back for: a long run has ended, or a question waits. Pure; `now` is epoch ms, `text` the
 * prompt that the event belongs to.
 */
export function attentionFor(
  event: SessionEvent | UnknownEvent,
  now: number,
  {notifyAfterSeconds}: Pick<Settings, 'notifyAfterSeconds'>,
  text: string | undefined,
): string | undefined {
  if (now - event.at > freshMs) return undefined
  if (event.type === 'approval.request') return shorten(`A question waits: ${toPlainLine(event.payload.title)}`)
  if (event.type !== 'message.complete') return undefined
  if ((event.payload.duration_ms ?? 0) < notifyAfterSeconds * 1000) return undefined
  return shorten(`${describeEnd(event.payload)} · ${toPlainLine(text ?? '')}`)
}

/** What makes a terminal call its user: a bell, or a notification with a text (OSC 9). Pure. */
export function attentionSequence(notify: Settings['notify'], text: string): string {
  if (notify === 'off') return ''
  return notify === 'bell' ? '\u0007' : `\u001b]9;${text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')}\u0007`
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1)}…`
}
