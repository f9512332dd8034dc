/* oxlint-disable no-control-regex -- control characters are what this file is about */
import type {LoggedEvent} from '@holdfast/protocol'
import {describeEnd, shorten} from '@holdfast/session-view'

import type {Settings} from '../settings/settings-schema.ts'

/** Older events are history that is being replayed, ms. */
const freshMs = 10_000
/** The longest text of a notification, UTF-16 units. */
const maxTextLength = 120

/**
 * The text to notify the user with, if an event is worth it: a long run has ended, or the agent asks for approval. Pure;
 * `now` is epoch ms, `text` the prompt of the event.
 */
export function attentionFor(
  event: LoggedEvent,
  now: number,
  {notifyAfterSeconds}: Pick<Settings, 'notifyAfterSeconds'>,
  text: string | undefined,
): string | undefined {
  if (now - event.at > freshMs) return undefined
  if (event.type === 'approval.request')
    return shorten(`Waiting for your answer: ${event.payload.title}`, maxTextLength)
  if (event.type !== 'message.complete') return undefined
  if ((event.payload.duration_ms ?? 0) < notifyAfterSeconds * 1000) return undefined
  return shorten(`${describeEnd(event.payload)} · ${text ?? ''}`, maxTextLength)
}

/**
 * The text to notify the user with when the running program begins to read, or wants the terminal, after it has been busy for long;
 * `undefined` if it has not. `busySince`: since when it read nothing, epoch ms. Pure.
 */
export function attentionForInput(
  busySince: number,
  now: number,
  {notifyAfterSeconds}: Pick<Settings, 'notifyAfterSeconds'>,
  text: string,
): string | undefined {
  if (now - busySince < notifyAfterSeconds * 1000) return undefined
  return shorten(`Waiting for your input: ${text}`, maxTextLength)
}

/** The sequence that notifies the user: BEL, or OSC 9 or 777 with a text. Pure. */
export function attentionSequence(notify: Settings['notify'], text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
  switch (notify) {
    case 'off':
      return ''
    case 'bell':
      return '\u0007'
    case 'osc9':
      return `\u001b]9;${plain}\u0007`
    case 'osc777':
      return `\u001b]777;notify;Holdfast;${plain}\u0007`
  }
}
