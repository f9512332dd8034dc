import {
  createPromptId,
  decodeOutput,
  encodeOutput,
  type Method,
  type Params,
  type EphemeralEvent,
  type Result,
} from '@holdfast/protocol'

import {callOut} from './call-out.ts'
import type {LoggedEvent} from './session-feed.ts'
import type {SessionStatus} from './session-status.ts'

export interface AttachOptions {
  size: {cols: number; rows: number}
  /**
   * What the program prints, in order. With `isRepaint`: the whole screen, for a terminal that is as it was at its start;
   * it comes first, and again when something was missed. What it throws is an uncaught error.
   */
  onOutput: (data: Uint8Array, options: {isRepaint: boolean}) => void
}

/** A terminal that is at the program of a session. */
export interface Attachment {
  readonly promptId: string
  /**
   * How it ended: `detached` by `end`; `program-ended`; `taken-over` by another client; `line-lost`, for longer than it takes
   * to recover; `refused` when it was to go on after that.
   */
  readonly ended: Promise<AttachmentEnd>
  /** Keys for the program, in order. What cannot arrive at this moment is thrown away, as its screen is not seen either. */
  input(data: Uint8Array): void
  resize(size: {cols: number; rows: number}): void
  /** Takes the terminal back; the program runs on. */
  end(): void
}

export type AttachmentEnd = 'detached' | 'program-ended' | 'taken-over' | 'connection-lost' | 'refused'

/** The attachment of one session, of which there is one at most. */
export interface Attaching {
  attach(options: AttachOptions): Promise<Attachment>
  take(payload: Extract<EphemeralEvent, {type: 'attach.output'}>['payload']): void
  note(event: LoggedEvent): void
  noteStatus(status: SessionStatus): void
  /** On a new line, where the session was resumed. */
  attachAgain(request: Ask): void
}

type Ask = <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>

interface Attached {
  id: string
  promptId: string | undefined
  options: AttachOptions
  end: PromiseWithResolvers<AttachmentEnd>
}

export function createAttaching(sessionId: string, request: Ask): Attaching {
  let current: Attached | undefined

  const finish = (attached: Attached, how: AttachmentEnd) => {
    if (current === attached) current = undefined
    attached.end.resolve(how)
  }

  const start = async (attached: Attached, by: Ask): Promise<string> => {
    // The old one ends when its line does, and that is told under its id.
    attached.id = createPromptId()
    const {prompt_id} = await by('attach.start', {
      session_id: sessionId,
      attach_id: attached.id,
      ...attached.options.size,
    })
    return prompt_id
  }

  return {
    async attach(options) {
      const attached: Attached = {id: '', promptId: undefined, options: {...options}, end: Promise.withResolvers()}
      // The screen may come before the answer.
      if (current !== undefined) finish(current, 'taken-over')
      current = attached
      try {
        const promptId = (attached.promptId = await start(attached, request))
        return {
          promptId,
          ended: attached.end.promise,
          input(data) {
            const output = encodeOutput(data)
            if (current !== attached || output === undefined) return
            // The program may just have ended, and a line may be lost: what was typed then is for nobody.
            void request('session.input', {session_id: sessionId, prompt_id: promptId, ...output}).catch(
              () => undefined,
            )
          },
          resize(size) {
            attached.options.size = size
            if (current !== attached) return
            void request('session.resize', {session_id: sessionId, ...size}).catch(() => undefined)
          },
          end() {
            if (current !== attached) return
            finish(attached, 'detached')
            void request('attach.end', {session_id: sessionId, attach_id: attached.id}).catch(() => undefined)
          },
        }
      } catch (error) {
        if (current === attached) current = undefined
        throw error
      }
    },
    take(payload) {
      if (current?.id !== payload.attach_id) return
      const {onOutput} = current.options
      callOut(() => onOutput(decodeOutput(payload), {isRepaint: payload.repaint === true}))
    },
    note(event) {
      if (current === undefined) return
      if (event.type === 'attach.end' && event.payload.attach_id === current.id) {
        const {reason} = event.payload
        // Of a line that was lost, and is found again.
        if (reason === 'client-gone') return
        finish(current, reason === 'taken-over' || reason === 'program-ended' ? reason : 'refused')
      } else if (event.type === 'message.complete' && event.payload.prompt_id === current.promptId) {
        finish(current, 'program-ended')
      }
    },
    noteStatus({kind}) {
      if (current === undefined) return
      if (kind === 'gave-up' || kind === 'detached' || kind === 'ended') finish(current, 'connection-lost')
    },
    attachAgain(by) {
      const attached = current
      if (attached?.promptId === undefined) return
      void start(attached, by).catch(() => finish(attached, 'refused'))
    },
  }
}
