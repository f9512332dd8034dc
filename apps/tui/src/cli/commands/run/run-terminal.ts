import {setTimeout as delay} from 'node:timers/promises'

import {graces} from '@holdfast/supervisor'
import type {ClientSession} from '@holdfast/client'
import {decodeOutput, encodeOutput, type LoggedEvent} from '@holdfast/protocol'

import type {Missed} from '../../../app/attaching/attached-output.ts'
import {handOver, type HandedOver, type Surroundings} from '../../../app/attaching/hand-over.ts'
import {createShownOutput} from '../../../app/attaching/shown-output.ts'

/** The terminal of `run`, which the command has while it runs: keys, size, and output as the command prints it. */
export interface RunTerminal {
  /** The command has started: gives it the terminal. */
  begin(session: ClientSession): void
  /** Takes an event of the session. Returns what is left to print of it: the terminal may have its output already. */
  take(event: LoggedEvent): LoggedEvent | undefined
  /** Resolves when the terminal is as it was before. */
  ended(): Promise<void>
  /** Restores the terminal at once. */
  release(): void
}

const nothing = new Uint8Array(0)

export function createRunTerminal(): RunTerminal {
  let handed: HandedOver | undefined
  /** The current attachment, from the request for it. */
  let attachId: string | undefined
  let isAttached = false
  /** Output before the first attachment is only in the log. */
  let hasBegun = false
  const shown = createShownOutput()
  let started = Promise.withResolvers<Missed>()
  let detached = Promise.withResolvers<void>()
  const surroundings: Surroundings = {
    begin(id) {
      attachId = id
      isAttached = false
      started = Promise.withResolvers()
      detached = Promise.withResolvers()
      return started.promise
    },
    /** Resolves when the terminal has what the log has. The program leaves nothing to erase. */
    async end({isLost}) {
      const waitMs = isLost || !isAttached ? 0 : graces.attachmentMs
      await Promise.race([detached.promise, delay(waitMs, undefined, {ref: false})])
      isAttached = false
      started.resolve('over')
      handed?.show(shown.takeLogged() ?? nothing)
      return ''
    },
    shown,
    onResize() {},
  }
  /** Output of the log that the attachment did not bring: the connection to the host was lost, or the host has ended. */
  const showLogged = (event: Extract<LoggedEvent, {type: 'message.delta'}>): LoggedEvent | undefined => {
    const rest = shown.takeLogged() ?? nothing
    const output = handed?.show(rest) === true ? undefined : encodeOutput(rest)
    return output && {...event, payload: {prompt_id: event.payload.prompt_id, ...output}}
  }

  return {
    begin(session) {
      handed ??= handOver(session, {surroundings, isLossless: true})
      // The command has ended first, or the session is out of reach: that shows elsewhere.
      handed.ended.catch(() => undefined)
    },
    take(event) {
      if (event.type === 'attach.start' && event.payload.attach_id === attachId) {
        // Nothing is missed before the first time.
        started.resolve(shown.takeMissed() ?? 'unknown')
        isAttached = hasBegun = true
      }
      if (event.type === 'attach.end' && event.payload.attach_id === attachId) {
        isAttached = false
        detached.resolve()
      }
      if (!hasBegun || event.type !== 'message.delta') return event
      shown.log(decodeOutput(event.payload))
      return isAttached ? undefined : showLogged(event)
    },
    async ended() {
      await handed?.ended.catch(() => undefined)
    },
    release: () => handed?.release(),
  }
}
