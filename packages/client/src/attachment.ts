import {createPromptId, decodeOutput, encodeOutput, type EphemeralEvent, type LoggedEvent} from '@holdfast/protocol'

import {callListener} from './call-listener.ts'
import type {GatewayRequest} from './session-requests.ts'
import type {SessionStatus} from './session-status.ts'
import {withResolvers, type Resolvers} from './with-resolvers.ts'

export interface AttachOptions {
  /** Size of the terminal, in character cells. */
  size: {cols: number; rows: number}
  /**
   * Receives the output of the program, in order. With `isRepaint`, `data` draws the whole screen on a terminal that has just
   * been reset; that comes first, and again after output was missed. An error that it throws becomes an uncaught exception.
   */
  onOutput: (data: Uint8Array, options: {isRepaint: boolean}) => void
}

/** A terminal that is attached to the running program of a session. */
export interface Attachment {
  readonly promptId: string
  /** Resolves when the terminal is detached. */
  readonly ended: Promise<AttachmentEnd>
  /** Types into the program, in order. Drops input while the connection is lost: the user does not see the screen either. */
  input(data: Uint8Array): void
  resize(size: {cols: number; rows: number}): void
  /** Sets the size, and asks for the whole screen: another program has had the terminal. */
  repaint(size: {cols: number; rows: number}): void
  /** Detaches the terminal. The program keeps running. */
  end(): void
}

/**
 * `detached`: by `end`. `program-ended`. `taken-over`: another client attached. `connection-lost`: the client gave up, or
 * cannot reach the host. `refused`: the host did not attach it again after a recovery.
 */
export type AttachmentEnd = 'detached' | 'program-ended' | 'taken-over' | 'connection-lost' | 'refused'

/** Keeps the attachment of one session, if there is one, attached through recoveries. */
export interface Attacher {
  attach(options: AttachOptions): Promise<Attachment>
  takeOutput(payload: Extract<EphemeralEvent, {type: 'attach.output'}>['payload']): void
  takeEvent(event: LoggedEvent): void
  takeStatus(status: SessionStatus): void
  /** Attaches again on a new connection, on which the session is resumed. */
  reattach(request: GatewayRequest): void
}

interface Attached {
  id: string
  promptId: string | undefined
  options: AttachOptions
  end: Resolvers<AttachmentEnd>
}

export function createAttacher(sessionId: string, request: GatewayRequest): Attacher {
  let current: Attached | undefined

  const finish = (attached: Attached, how: AttachmentEnd) => {
    if (current === attached) current = undefined
    attached.end.resolve(how)
  }

  const start = async (attached: Attached, send: GatewayRequest): Promise<string> => {
    // A new id each time: the host reports the end of the attachment on the lost connection under the old one.
    attached.id = createPromptId()
    const {size} = attached.options
    const {prompt_id} = await send('attach.start', {session_id: sessionId, attach_id: attached.id, ...size})
    return prompt_id
  }

  /** A failure shows elsewhere: in the status of the session, or as the end of the program. */
  const send: (...request: Parameters<GatewayRequest>) => void = (method, params) =>
    void request(method, params).catch(() => undefined)

  return {
    async attach(options) {
      const attached: Attached = {id: '', promptId: undefined, options: {...options}, end: withResolvers()}
      if (current !== undefined) finish(current, 'taken-over')
      // Before the request: the screen may arrive before the answer.
      current = attached
      try {
        const promptId = (attached.promptId = await start(attached, request))
        return {
          promptId,
          ended: attached.end.promise,
          input(data) {
            const output = encodeOutput(data)
            if (current !== attached || output === undefined) return
            send('session.input', {session_id: sessionId, prompt_id: promptId, ...output})
          },
          resize(size) {
            attached.options.size = size
            if (current === attached) send('session.resize', {session_id: sessionId, ...size})
          },
          repaint(size) {
            attached.options.size = size
            if (current !== attached) return
            send('attach.start', {session_id: sessionId, attach_id: attached.id, ...size})
          },
          end() {
            if (current !== attached) return
            finish(attached, 'detached')
            send('attach.end', {session_id: sessionId, attach_id: attached.id})
          },
        }
      } catch (error) {
        if (current === attached) current = undefined
        throw error
      }
    },
    takeOutput(payload) {
      if (current?.id !== payload.attach_id) return
      const {onOutput} = current.options
      callListener(() => onOutput(decodeOutput(payload), {isRepaint: payload.repaint === true}))
    },
    takeEvent(event) {
      if (current === undefined) return
      if (event.type === 'attach.end' && event.payload.attach_id === current.id) {
        const {reason} = event.payload
        // The connection was lost; `reattach` follows.
        if (reason === 'client-gone') return
        finish(current, reason === 'taken-over' || reason === 'program-ended' ? reason : 'refused')
      } else if (event.type === 'message.complete' && event.payload.prompt_id === current.promptId) {
        finish(current, 'program-ended')
      }
    },
    takeStatus({kind}) {
      if (current === undefined) return
      if (kind === 'gave-up' || kind === 'detached' || kind === 'ended') finish(current, 'connection-lost')
    },
    reattach(newRequest) {
      const attached = current
      if (attached?.promptId === undefined) return
      void start(attached, newRequest).catch(() => finish(attached, 'refused'))
    },
  }
}
